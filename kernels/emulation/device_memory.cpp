#include "device_memory.h"

#include <cstdlib>
#include <cstring>
#include <sanitizer/asan_interface.h>

namespace cuda_emulation {
namespace {

constexpr size_t ALIGNMENT = 256, GUARD = 1024;
constexpr unsigned char GUARD_BYTE = 0xa5;

#ifdef __SANITIZE_ADDRESS__
// The sanitizer sees to it that nobody touches them.
void protect(char *guard) { ASAN_POISON_MEMORY_REGION(guard, GUARD); }
bool touched(const char *) { return false; }
#else
void protect(char *guard) { memset(guard, GUARD_BYTE, GUARD); }
bool touched(const char *guard) {
  for (size_t i = 0; i < GUARD; i++) {
    if (static_cast<unsigned char>(guard[i]) != GUARD_BYTE) {
      return true;
    }
  }
  return false;
}
#endif

char *before(const Allocation &allocation) { return reinterpret_cast<char *>(allocation.address) - GUARD; }
char *after(const Allocation &allocation) { return reinterpret_cast<char *>(allocation.address) + allocation.bytes; }

}  // namespace

uintptr_t DeviceMemory::allocate(size_t bytes, bool pinned, const Context *context) {
  const size_t rounded = (bytes + 2 * GUARD + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  char *block = static_cast<char *>(aligned_alloc(ALIGNMENT, rounded));
  if (!block) {
    return 0;
  }
  const Allocation allocation = {reinterpret_cast<uintptr_t>(block) + GUARD, bytes, pinned, context, block};
  memset(block + GUARD, 0xff, bytes);
  protect(before(allocation));
  protect(after(allocation));
  allocations_[allocation.address] = allocation;
  used_ += pinned ? 0 : bytes;
  return allocation.address;
}

void DeviceMemory::release(const Allocation &allocation) {
  used_ -= allocation.pinned ? 0 : allocation.bytes;
  ASAN_UNPOISON_MEMORY_REGION(before(allocation), allocation.bytes + 2 * GUARD);
  memset(allocation.block, 0xff, allocation.bytes + 2 * GUARD);
  ::free(allocation.block);
}

bool DeviceMemory::free(uintptr_t address, bool pinned) {
  const auto found = allocations_.find(address);
  if (found == allocations_.end() || found->second.pinned != pinned) {
    return false;
  }
  release(found->second);
  allocations_.erase(found);
  return true;
}

const Allocation *DeviceMemory::find(uintptr_t address, size_t bytes) const {
  auto above = allocations_.upper_bound(address);
  if (above == allocations_.begin()) {
    return nullptr;
  }
  const Allocation &allocation = std::prev(above)->second;
  const size_t offset = address - allocation.address;
  return offset <= allocation.bytes && bytes <= allocation.bytes - offset ? &allocation : nullptr;
}

std::string DeviceMemory::check_guards() {
  std::string report;
  for (const auto &entry : allocations_) {
    const Allocation &allocation = entry.second;
    const bool in_front = touched(before(allocation));
    if (in_front || touched(after(allocation))) {
      report = std::string("it has written ") + (in_front ? "in front of" : "behind") + " an allocation of " +
               std::to_string(allocation.bytes) + " bytes";
      protect(before(allocation));
      protect(after(allocation));
    }
  }
  return report;
}

long DeviceMemory::free_all(const Context &context) {
  long count = 0;
  for (auto each = allocations_.begin(); each != allocations_.end();) {
    if (each->second.context == &context) {
      release(each->second);
      each = allocations_.erase(each);
      count++;
    } else {
      ++each;
    }
  }
  return count;
}

}  // namespace cuda_emulation
