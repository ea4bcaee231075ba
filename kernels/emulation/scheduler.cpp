#include "scheduler.h"

#include "fiber.h"

#include <cstdio>
#include <cstring>

// What "extern __shared__ unsigned char dynamic_shared_memory[]" is of a kernel.
alignas(128) thread_local unsigned char dynamic_shared_memory[cuda_emulation::Scheduler::MOST_SHARED];

namespace cuda_emulation {

thread_local Thread *self = nullptr;

void barrier(Place place) { Scheduler::mine().barrier(place); }

void collect(Operation operation, unsigned mask, const void *in, void *out) {
  Scheduler::mine().collect(operation, mask, in, out);
}

void fail(const char *what) { Scheduler::mine().fail(what); }

namespace {

std::string text(const uint3 &index) {
  return "(" + std::to_string(index.x) + ", " + std::to_string(index.y) + ", " + std::to_string(index.z) + ")";
}

// Without its folder, which would differ from machine to machine.
std::string text(Place place) {
  const char *slash = strrchr(place.file, '/');
  return std::string(slash ? slash + 1 : place.file) + ":" + std::to_string(place.line);
}

std::string hexadecimal(unsigned number) {
  char digits[11];
  snprintf(digits, sizeof digits, "0x%08x", number);
  return digits;
}

unsigned all_of(unsigned count) { return count >= 32 ? ~0u : (1u << count) - 1; }

}  // namespace

Scheduler &Scheduler::mine() {
  // Never freed: threads of the operating system that run blocks live as long as the process.
  static thread_local Scheduler *scheduler = new Scheduler();
  return *scheduler;
}

std::string Scheduler::run(const Kernel &kernel, void **arguments, const Block &block, Order order) {
  kernel_ = &kernel;
  arguments_ = arguments;
  order_ = order;
  report_.clear();
  start(block);
  Thread *first = next(0);
  prepare(*first);
  self = first;
  switch_fiber(&caller_, first->place);
  self = nullptr;
  if (!report_.empty()) {
    stacks_.reset();
  }
  return report_;
}

void Scheduler::start(const Block &block) {
  block_ = block;
  const dim3 &dimensions = block.dimensions;
  thread_count_ = live_ = dimensions.x * dimensions.y * dimensions.z;
  warp_count_ = (thread_count_ + 31) / 32;
  runnable_warps_ = all_of(warp_count_);
  at_barrier_ = 0;
  memset(dynamic_shared_memory, 0xff, block.dynamic_shared);  // reads as NaN until it is written
  for (unsigned i = 0; i < warp_count_; i++) {
    const unsigned lanes = all_of(thread_count_ - 32 * i);
    warps_[i].index = i;
    warps_[i].live = warps_[i].runnable = lanes;
    warps_[i].waiting = 0;
    at_barrier_of_[i] = 0;
  }
  uint3 index = {0, 0, 0};
  for (unsigned i = 0; i < thread_count_; i++) {
    threads_[i] = {index, i, i % 32, &warps_[i / 32], &block_, nullptr, -1};
    if (++index.x == dimensions.x) {
      index.x = 0;
      if (++index.y == dimensions.y) {
        index.y = 0;
        index.z++;
      }
    }
  }
}

// A thread that can go on, of this warp if there is one; null when all wait.
Thread *Scheduler::next(unsigned warp) {
  if (!warps_[warp].runnable) {
    if (!runnable_warps_) {
      return nullptr;
    }
    warp = order_.pick(runnable_warps_);
  }
  const int lane = order_.pick(warps_[warp].runnable);
  warps_[warp].runnable &= ~(1u << lane);
  if (!warps_[warp].runnable) {
    runnable_warps_ &= ~(1u << warp);
  }
  return &threads_[32 * warp + lane];
}

void Scheduler::prepare(Thread &thread) {
  if (!thread.place) {
    thread.stack = stacks_.take();
    thread.place = stacks_.fiber(thread.stack, fiber);
  }
}

// The running thread lets another go on.
void Scheduler::wait() {
  Thread *me = self;
  Thread *other = next(me->warp->index);
  if (!other) {
    fail(deadlock());
  }
  prepare(*other);
  self = other;
  switch_fiber(&me->place, other->place);
}

void Scheduler::fail(const std::string &what) {
  report_ = "kernel " + kernel_->name + ", block " + text(block_.index) + ", thread " + text(self->index) + ": " + what;
  void *never;
  switch_fiber(&never, caller_);
  __builtin_unreachable();
}

void Scheduler::barrier(Place place) {
  if (at_barrier_ > 0 && (barrier_.line != place.line || strcmp(barrier_.file, place.file) != 0)) {
    fail("divergent barrier: it is at " + text(place) + ", others of its block at " + text(barrier_));
  }
  barrier_ = place;
  if (live_ < thread_count_) {
    fail("divergent barrier: it is at " + text(place) + ", others of its block have ended");
  }
  at_barrier_++;
  if (at_barrier_ == live_) {
    release_barrier();
  } else {
    at_barrier_of_[self->warp->index] |= 1u << self->lane;
    wait();
  }
}

void Scheduler::release_barrier() {
  at_barrier_ = 0;
  for (unsigned i = 0; i < warp_count_; i++) {
    if (at_barrier_of_[i]) {
      warps_[i].runnable |= at_barrier_of_[i];
      runnable_warps_ |= 1u << i;
      at_barrier_of_[i] = 0;
    }
  }
}

void Scheduler::collect(Operation operation, unsigned mask, const void *in, void *out) {
  Warp &warp = *self->warp;
  const unsigned lane = 1u << self->lane;
  if (!(mask & lane)) {
    fail("a warp collective with the mask " + hexadecimal(mask) + ", which leaves out the lane that calls it");
  }
  warp.lanes[self->lane] = {operation, mask, in, out};
  warp.waiting |= lane;
  if (!complete(warp, mask, lane)) {
    wait();
  }
}

// Does the operation when all lanes of the mask that have not ended wait for it; those but the running one can go on.
bool Scheduler::complete(Warp &warp, unsigned mask, unsigned running) {
  const unsigned lanes = mask & warp.live;
  if (!lanes || (warp.waiting & lanes) != lanes) {
    return false;
  }
  const Operation operation = warp.lanes[__builtin_ctz(lanes)].operation;
  for (unsigned rest = lanes; rest; rest &= rest - 1) {
    const Collective &lane = warp.lanes[__builtin_ctz(rest)];
    if (lane.mask != mask || lane.operation != operation) {
      return false;
    }
  }
  operation(warp, lanes);
  warp.waiting &= ~lanes;
  warp.runnable |= lanes & ~running;
  if (warp.runnable) {
    runnable_warps_ |= 1u << warp.index;
  }
  return true;
}

void Scheduler::end_thread() {
  if (at_barrier_ > 0) {
    fail("divergent barrier: it has ended, others of its block are at " + text(barrier_));
  }
  Warp &warp = *self->warp;
  warp.live &= ~(1u << self->lane);
  live_--;
  // It may be what others of its warp have waited for.
  for (unsigned rest = warp.waiting; rest; rest &= rest - 1) {
    const int lane = __builtin_ctz(rest);
    if (warp.waiting >> lane & 1) {
      complete(warp, warp.lanes[lane].mask, 0);
    }
  }
}

// Runs threads on this fiber's stack, one when the one before has ended.
void Scheduler::run_threads() {
  for (;;) {
    kernel_->call(arguments_);
    end_thread();
    Thread *me = self;
    Thread *other = next(me->warp->index);
    if (!other && live_ > 0) {
      fail(deadlock());
    }
    if (other && !other->place) {
      other->stack = me->stack;
      other->place = me;  // started; it is set anew when it waits
      self = other;
      continue;
    }
    stacks_.give_back(me->stack);
    self = other;
    void *never;
    switch_fiber(&never, other ? other->place : caller_);
  }
}

void Scheduler::fiber() { mine().run_threads(); }

std::string Scheduler::deadlock() const {
  std::string what = "deadlock, no thread can go on:";
  if (at_barrier_ > 0) {
    what += " " + std::to_string(at_barrier_) + " of " + std::to_string(live_) + " threads wait at " + text(barrier_) + ";";
  }
  for (unsigned i = 0; i < warp_count_; i++) {
    for (unsigned rest = warps_[i].waiting; rest;) {
      const unsigned mask = warps_[i].lanes[__builtin_ctz(rest)].mask;
      unsigned lanes = 0;
      for (unsigned each = rest; each; each &= each - 1) {
        const int lane = __builtin_ctz(each);
        lanes |= warps_[i].lanes[lane].mask == mask ? 1u << lane : 0u;
      }
      what += " in warp " + std::to_string(i) + " the lanes " + hexadecimal(lanes) + " wait for " + hexadecimal(mask) + ";";
      rest &= ~lanes;
    }
  }
  what.pop_back();
  return what;
}

}  // namespace cuda_emulation
