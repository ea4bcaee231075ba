#include "stacks.h"

#include "fiber.h"

#include <cstdlib>
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

namespace cuda_emulation {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr size_t BYTES = 512 * 1024;  // frames have red zones
#else
constexpr size_t BYTES = 64 * 1024;
#endif
constexpr size_t PAGE = 4096;

}  // namespace

Stacks::Stacks() {
  void *memory = mmap(nullptr, COUNT * BYTES, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) {
    abort();
  }
  memory_ = static_cast<char *>(memory);
  for (int stack = 0; stack < COUNT; stack++) {
    mprotect(memory_ + stack * BYTES, PAGE, PROT_NONE);  // too deep a stack faults
  }
  free_.reserve(COUNT);
  reset();
}

Stacks::~Stacks() { munmap(memory_, COUNT * BYTES); }

int Stacks::take() {
  const int stack = free_.back();
  free_.pop_back();
  return stack;
}

void Stacks::give_back(int stack) { free_.push_back(stack); }

void Stacks::reset() {
  ASAN_UNPOISON_MEMORY_REGION(memory_, COUNT * BYTES);
  free_.clear();
  for (int stack = COUNT; stack-- > 0;) {
    free_.push_back(stack);
  }
}

void *Stacks::fiber(int stack, void (*entry)()) {
  // Tops at the same place of a page would all fall into the same sets of the cache.
  const size_t shift = stack * 320 % PAGE;
  char *guard = memory_ + stack * BYTES;
  return new_fiber(guard + PAGE, BYTES - PAGE - shift, entry);
}

}  // namespace cuda_emulation
