// Runs the threads of one block as fibers on the calling thread, which has one scheduler. A thread goes on until it waits
// for others, so that a kernel without barriers costs no switch.
#pragma once
#include "kernel.h"
#include "order.h"
#include "stacks.h"
#include "thread.h"

#include <string>

namespace cuda_emulation {

class Scheduler {
 public:
  static constexpr unsigned MOST_SHARED = 232448;  // bytes of dynamic shared memory

  // That of the calling thread.
  static Scheduler &mine();

  // Runs a block to its end; returns what went wrong, or nothing.
  std::string run(const Kernel &kernel, void **arguments, const Block &block, Order order);

  void barrier(Place place);
  void collect(Operation operation, unsigned mask, const void *in, void *out);
  [[noreturn]] void fail(const std::string &what);

 private:
  static constexpr int WARPS = Stacks::COUNT / 32;

  void start(const Block &block);
  Thread *next(unsigned warp);
  void prepare(Thread &thread);
  void wait();
  void release_barrier();
  bool complete(Warp &warp, unsigned mask, unsigned running);
  void end_thread();
  void run_threads();
  std::string deadlock() const;
  static void fiber();

  const Kernel *kernel_ = nullptr;
  void **arguments_ = nullptr;
  Block block_;
  Order order_;
  Thread threads_[Stacks::COUNT];
  Warp warps_[WARPS];
  unsigned at_barrier_of_[WARPS];  // lanes
  unsigned warp_count_, runnable_warps_;
  unsigned thread_count_, live_, at_barrier_;
  Place barrier_;
  Stacks stacks_;
  void *caller_ = nullptr;  // where run() goes on
  std::string report_;
};

}  // namespace cuda_emulation
