// The card's memory and the host's pinned memory: which addresses are allocated, with guards around each allocation, so
// that a kernel that writes outside of it is found without a sanitizer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace cuda_emulation {

struct Context;

struct Allocation {
  uintptr_t address;
  size_t bytes;
  bool pinned;
  const Context *context;
  char *block;  // as the host's allocator knows it
};

class DeviceMemory {
 public:
  // Memory that is full of NaN; 0 when there is not so much.
  uintptr_t allocate(size_t bytes, bool pinned, const Context *context);

  // False when no such allocation starts there.
  bool free(uintptr_t address, bool pinned);

  // The allocation that has all these bytes, or null.
  const Allocation *find(uintptr_t address, size_t bytes) const;

  // What was written around an allocation since the last time, or nothing.
  std::string check_guards();

  // Of the card: those in use.
  size_t used() const { return used_; }

  // How many allocations there are, pinned and not.
  long count() const { return allocations_.size(); }

  // Frees all that a context has; returns how many those were.
  long free_all(const Context &context);

 private:
  void release(const Allocation &allocation);

  std::map<uintptr_t, Allocation> allocations_;
  size_t used_ = 0;
};

}  // namespace cuda_emulation
