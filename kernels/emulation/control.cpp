// What tests call beside the driver: how blocks are run, which calls fail, what is left. Emulation.java has them for JUnit.
#include "driver.h"
#include "launch.h"

#include <cstring>

using namespace cuda_emulation;

namespace {

std::lock_guard<std::mutex> lock() { return std::lock_guard<std::mutex>(driver().mutex); }

}  // namespace

// Order: 0 forward, 1 reverse, 2 shuffled by the seed.
CUDA_API void cuda_emulation_configure(int workers, int order, int seed) {
  const auto locked = lock();
  set_workers(workers);
  set_order(Order(static_cast<Order::Kind>(order), seed));
}

// With 0 devices the driver finds none. A process that has used one before has to start the driver again.
CUDA_API void cuda_emulation_devices(int count) {
  const auto locked = lock();
  driver().settings.devices = count;
  driver().initialized = false;
}

CUDA_API void cuda_emulation_memory(long long bytes) {
  const auto locked = lock();
  driver().settings.memory = bytes;
}

// Lets the n-th call from now on, from 1, return this code: of one name, as cuda.h has it, or of any where it is empty.
// With code 0 none fails any more.
CUDA_API void cuda_emulation_fail(const char *call, int n, int code) {
  const auto locked = lock();
  driver().injection = {call, n - 1, static_cast<Code>(code)};
}

// How many calls there were that can be let fail.
CUDA_API long long cuda_emulation_calls() {
  const auto locked = lock();
  return driver().calls;
}

// How many things are there that the driver wants back, and how many it was not given back before their context was closed.
CUDA_API long long cuda_emulation_live() {
  const auto locked = lock();
  return driver().objects.count() + driver().objects.memory.count();
}

CUDA_API long long cuda_emulation_abandoned() {
  const auto locked = lock();
  return driver().abandoned;
}

// What the latest failure of a kernel was; cut to the bytes given.
CUDA_API void cuda_emulation_report(char *text, long long bytes) {
  const auto locked = lock();
  strncpy(text, driver().report.c_str(), bytes - 1);
  text[bytes - 1] = 0;
}
