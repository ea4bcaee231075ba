// The card that the emulated driver finds: it says of itself what an H100 would, but for its name and memory.
#include "driver.h"

#include <cstdio>
#include <map>

using namespace cuda_emulation;

namespace {

Code call_device(const char *name, int device, const std::function<Code()> &body) {
  return call_driver(name, [&] {
    if (!driver().initialized) {
      return NOT_INITIALIZED;
    }
    return device < 0 || device >= driver().settings.devices ? INVALID_DEVICE : body();
  });
}

int attribute(int number) {
  static const std::map<int, int> attributes = {
      {1, 1024},         // threads of a block
      {2, 1024},         // and of each dimension of it
      {3, 1024},
      {4, 64},
      {5, 2147483647},   // blocks of each dimension of a grid
      {6, 65535},
      {7, 65535},
      {8, 49152},        // bytes of shared memory of a block
      {10, 32},          // lanes of a warp
      {12, 65536},       // registers of a block
      {13, 1980000},     // clock, kHz
      {16, 132},         // multiprocessors
      {36, 2619000},     // clock of the memory, kHz
      {37, 5120},        // bits of its bus
      {38, 52428800},    // bytes of the second-level cache
      {39, 2048},        // threads of a multiprocessor
      {41, 1},           // one space of addresses with the host
      {75, 9},           // compute capability
      {76, 0},
      {81, 233472},      // bytes of shared memory of a multiprocessor
      {97, 232448},      // bytes of shared memory of a block that asks for it
  };
  const auto found = attributes.find(number);
  return found == attributes.end() ? 0 : found->second;
}

}  // namespace

CUDA_API int cuInit(unsigned) {
  return call_driver("cuInit", [] {
    if (driver().settings.devices == 0) {
      return NO_DEVICE;
    }
    driver().initialized = true;
    return SUCCESS;
  });
}

CUDA_API int cuDriverGetVersion(int *version) {
  return call_driver("cuDriverGetVersion", [&] {
    *version = 13000;
    return SUCCESS;
  });
}

CUDA_API int cuDeviceGetCount(int *count) {
  return call_driver("cuDeviceGetCount", [&] {
    *count = driver().settings.devices;
    return driver().initialized ? SUCCESS : NOT_INITIALIZED;
  });
}

CUDA_API int cuDeviceGet(int *device, int ordinal) {
  return call_device("cuDeviceGet", ordinal, [&] {
    *device = ordinal;
    return SUCCESS;
  });
}

CUDA_API int cuDeviceGetName(char *name, int bytes, int device) {
  return call_device("cuDeviceGetName", device, [&] {
    snprintf(name, bytes, "Emulated card %d", device);
    return SUCCESS;
  });
}

CUDA_API int cuDeviceGetAttribute(int *value, int number, int device) {
  return call_device("cuDeviceGetAttribute", device, [&] {
    *value = attribute(number);
    return SUCCESS;
  });
}

CUDA_API int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  return call_device("cuDeviceTotalMem", device, [&] {
    *bytes = driver().settings.memory;
    return SUCCESS;
  });
}
