// Runs the blocks of a launch on threads of the operating system.
#pragma once
#include "kernel.h"
#include "order.h"
#include "vectors.h"

#include <string>

namespace cuda_emulation {

struct Shape {
  dim3 grid, block;
  unsigned dynamic_shared;

  // Whether a card of compute capability 9.0 can run it.
  bool valid() const;
};

// How blocks are run from now on.
void set_workers(int workers);
void set_order(Order order);

// Runs a kernel to its end; returns what went wrong, or nothing.
std::string run(const Kernel &kernel, const Shape &shape, void **arguments);

}  // namespace cuda_emulation
