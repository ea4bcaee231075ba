// A CUDA thread as kernels see it: where it is in its grid, and how it meets others of its block.
#pragma once
#include "vectors.h"

namespace cuda_emulation {

struct Block {
  uint3 index;
  dim3 grid, dimensions;
  unsigned dynamic_shared;    // bytes
  unsigned long long number;  // among all blocks that were ever run: what an earlier one left is stale
};

// A line of a kernel, for reports.
struct Place {
  const char *file;
  int line;
};

struct Warp;

// Does the work of a collective for all its lanes, when the last of them has come.
using Operation = void (*)(Warp &warp, unsigned lanes);

// What a lane hands in, by address: its stack stays where it is while the lane waits.
struct Collective {
  Operation operation;
  unsigned mask;
  const void *in;
  void *out;
};

struct Warp {
  unsigned index;
  unsigned live, runnable, waiting;  // lanes: not ended, ready to go on, in a collective
  Collective lanes[32];
};

struct Thread {
  uint3 index;
  unsigned linear, lane;
  Warp *warp;
  Block *block;
  void *place;  // where its fiber goes on; null before it has started
  int stack;
};

// The running thread.
extern thread_local Thread *self;

// Waits for all threads of the block.
void barrier(Place place);

// Waits for the lanes of the mask, of which this is one; with the last of them the operation is done.
void collect(Operation operation, unsigned mask, const void *in, void *out);

// Ends the launch with a report.
[[noreturn]] void fail(const char *what);

}  // namespace cuda_emulation
