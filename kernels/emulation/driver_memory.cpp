// Allocations, copies and sets.
#include "streams.h"

#include <cstring>

using namespace cuda_emulation;

namespace {

DeviceMemory &memory() { return driver().objects.memory; }

bool on_card(uintptr_t address, size_t bytes) {
  const Allocation *found = memory().find(address, bytes);
  return found && !found->pinned;
}

bool pinned(const void *address, size_t bytes) {
  const Allocation *found = memory().find(reinterpret_cast<uintptr_t>(address), bytes);
  return found && found->pinned;
}

void *pointer(uintptr_t address) { return reinterpret_cast<void *>(address); }

// A copy that is queued looks again when its time has come: memory may be freed by then.
Task copy(void *to, const void *from, size_t bytes, uintptr_t card) {
  return [=] {
    if (!on_card(card, bytes)) {
      return ILLEGAL_ADDRESS;
    }
    memmove(to, from, bytes);
    return SUCCESS;
  };
}

Task set(uintptr_t address, unsigned value, size_t count) {
  return [=] {
    if (!on_card(address, count * sizeof value)) {
      return ILLEGAL_ADDRESS;
    }
    for (size_t i = 0; i < count; i++) {
      static_cast<unsigned *>(pointer(address))[i] = value;
    }
    return SUCCESS;
  };
}

Code free_memory(Context &context, uintptr_t address, bool is_pinned) {
  if (address == 0) {
    return SUCCESS;
  }
  const Code code = drain_all(context);
  if (code != SUCCESS) {
    return code;
  }
  return memory().free(address, is_pinned) ? SUCCESS : INVALID_VALUE;
}

}  // namespace

CUDA_API int cuMemAlloc_v2(uintptr_t *address, size_t bytes) {
  return call_outside_capture("cuMemAlloc", [&](Context &context) {
    if (bytes == 0) {
      return INVALID_VALUE;
    }
    if (bytes > driver().settings.memory - memory().used()) {
      return OUT_OF_MEMORY;
    }
    *address = memory().allocate(bytes, false, &context);
    return *address ? SUCCESS : OUT_OF_MEMORY;
  });
}

CUDA_API int cuMemFree_v2(uintptr_t address) {
  return call_outside_capture(
      "cuMemFree", [&](Context &context) { return free_memory(context, address, false); });
}

CUDA_API int cuMemHostAlloc(void **address, size_t bytes, unsigned) {
  return call_outside_capture("cuMemHostAlloc", [&](Context &context) {
    if (bytes == 0) {
      return INVALID_VALUE;
    }
    *address = pointer(memory().allocate(bytes, true, &context));
    return *address ? SUCCESS : OUT_OF_MEMORY;
  });
}

CUDA_API int cuMemFreeHost(void *address) {
  return call_outside_capture("cuMemFreeHost", [&](Context &context) {
    return free_memory(context, reinterpret_cast<uintptr_t>(address), true);
  });
}

CUDA_API int cuMemGetInfo_v2(size_t *free, size_t *total) {
  return call("cuMemGetInfo", [&](Context &) {
    *total = driver().settings.memory;
    *free = *total - memory().used();
    return SUCCESS;
  });
}

CUDA_API int cuMemcpyHtoD_v2(uintptr_t to, const void *from, size_t bytes) {
  return call_outside_capture("cuMemcpyHtoD", [&](Context &context) {
    return on_card(to, bytes) ? submit(context, nullptr, copy(pointer(to), from, bytes, to)) : INVALID_VALUE;
  });
}

CUDA_API int cuMemcpyDtoH_v2(void *to, uintptr_t from, size_t bytes) {
  return call_outside_capture("cuMemcpyDtoH", [&](Context &context) {
    return on_card(from, bytes) ? submit(context, nullptr, copy(to, pointer(from), bytes, from)) : INVALID_VALUE;
  });
}

CUDA_API int cuMemcpyDtoD_v2(uintptr_t to, uintptr_t from, size_t bytes) {
  return call_outside_capture("cuMemcpyDtoD", [&](Context &context) {
    return on_card(to, bytes) && on_card(from, bytes)
               ? submit(context, nullptr, copy(pointer(to), pointer(from), bytes, to))
               : INVALID_VALUE;
  });
}

// Of memory that is not pinned the driver takes a copy before it returns.
CUDA_API int cuMemcpyHtoDAsync_v2(uintptr_t to, const void *from, size_t bytes, void *stream) {
  return call("cuMemcpyHtoDAsync", [&](Context &context) {
    if (!on_card(to, bytes)) {
      return INVALID_VALUE;
    }
    if (pinned(from, bytes)) {
      return submit(context, stream, copy(pointer(to), from, bytes, to));
    }
    const auto taken = std::make_shared<std::string>(static_cast<const char *>(from), bytes);
    return submit(context, stream, [=] { return copy(pointer(to), taken->data(), bytes, to)(); });
  });
}

// To memory that is not pinned the driver copies before it returns.
CUDA_API int cuMemcpyDtoHAsync_v2(void *to, uintptr_t from, size_t bytes, void *stream) {
  return call("cuMemcpyDtoHAsync", [&](Context &context) {
    if (!on_card(from, bytes)) {
      return INVALID_VALUE;
    }
    const Code code = submit(context, stream, copy(to, pointer(from), bytes, from));
    Stream *queue = driver().objects.find<Stream>(stream);
    return code == SUCCESS && queue && !pinned(to, bytes) ? drain(*queue) : code;
  });
}

CUDA_API int cuMemcpyDtoDAsync_v2(uintptr_t to, uintptr_t from, size_t bytes, void *stream) {
  return call("cuMemcpyDtoDAsync", [&](Context &context) {
    return on_card(to, bytes) && on_card(from, bytes)
               ? submit(context, stream, copy(pointer(to), pointer(from), bytes, to))
               : INVALID_VALUE;
  });
}

CUDA_API int cuMemsetD32_v2(uintptr_t address, unsigned value, size_t count) {
  return call_outside_capture("cuMemsetD32", [&](Context &context) {
    return address % sizeof value == 0 && on_card(address, count * sizeof value)
               ? submit(context, nullptr, set(address, value, count))
               : INVALID_VALUE;
  });
}

CUDA_API int cuMemsetD32Async(uintptr_t address, unsigned value, size_t count, void *stream) {
  return call("cuMemsetD32Async", [&](Context &context) {
    return address % sizeof value == 0 && on_card(address, count * sizeof value)
               ? submit(context, stream, set(address, value, count))
               : INVALID_VALUE;
  });
}
