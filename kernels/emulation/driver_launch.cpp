// Modules, their kernels, and launches of them.
#include "launch.h"
#include "streams.h"

#include <cstdio>
#include <cstring>

using namespace cuda_emulation;

namespace {

// The head of what nvcc -fatbin writes.
struct FatbinHead {
  uint32_t magic;
  uint16_t version, head_bytes;
  uint64_t body_bytes;
};
constexpr uint32_t FATBIN = 0xba55ed50;
constexpr uint64_t MOST_BYTES = 1 << 30;  // more than any build has: such a head is broken

// The arguments of a launch, which the caller may change once it has returned.
struct Arguments {
  explicit Arguments(const Kernel &kernel, void *const *from) {
    constexpr size_t slot = sizeof(uint64_t);
    values.resize(kernel.parameters.size());
    for (size_t i = 0; i < values.size(); i++) {
      static_assert(slot >= sizeof(void *), "a slot takes any parameter");
      memcpy(&values[i], from[i], kernel.parameters[i].bytes);
      addresses.push_back(&values[i]);
    }
  }

  std::vector<uint64_t> values;
  std::vector<void *> addresses;
};

Code report(Code code, const std::string &what) {
  driver().report = what;
  fprintf(stderr, "emulation: %s\n", what.c_str());
  return code;
}

Code run_checked(const Kernel &kernel, const Shape &shape, Arguments &arguments) {
  for (size_t i = 0; i < arguments.values.size(); i++) {
    const bool pointer = kernel.parameters[i].pointer && arguments.values[i] != 0;
    if (pointer && !driver().objects.memory.find(arguments.values[i], 0)) {
      return report(ILLEGAL_ADDRESS,
                    "kernel " + kernel.name + ": argument " + std::to_string(i) + " is no address of the card's memory");
    }
  }
  const std::string failure = run(kernel, shape, arguments.addresses.data());
  if (!failure.empty()) {
    return report(LAUNCH_FAILED, failure);
  }
  const std::string written = driver().objects.memory.check_guards();
  return written.empty() ? SUCCESS : report(ILLEGAL_ADDRESS, "kernel " + kernel.name + ": " + written);
}

}  // namespace

CUDA_API int cuModuleLoadData(void **module, const void *image) {
  return call("cuModuleLoadData", [&](Context &context) {
    FatbinHead head;
    memcpy(&head, image, sizeof head);
    if (head.magic != FATBIN || head.body_bytes > MOST_BYTES) {
      return INVALID_IMAGE;
    }
    Module *loaded = driver().objects.add<Module>(&context);
    loaded->image.assign(static_cast<const char *>(image), head.head_bytes + head.body_bytes);
    *module = loaded;
    return SUCCESS;
  });
}

CUDA_API int cuModuleUnload(void *module) {
  return call("cuModuleUnload", [&](Context &context) {
    if (!driver().objects.find<Module>(module)) {
      return INVALID_HANDLE;
    }
    const Code code = drain_all(context);
    for (Function *function : driver().objects.of<Function>(context)) {
      if (function->module == module) {
        driver().objects.remove(function);
      }
    }
    driver().objects.remove(module);
    return code;
  });
}

// A kernel is there when the image has its code, by the name of the code's section, and the emulation its twin.
CUDA_API int cuModuleGetFunction(void **function, void *handle, const char *name) {
  return call("cuModuleGetFunction", [&](Context &context) {
    const Module *module = driver().objects.find<Module>(handle);
    if (!module) {
      return INVALID_HANDLE;
    }
    const std::string section = std::string(".text.") + name + '\0';
    const Kernel *kernel = find_kernel(name);
    if (!kernel || module->image.find(section) == std::string::npos) {
      return NOT_FOUND;
    }
    *function = driver().objects.add<Function>(&context, module, kernel);
    return SUCCESS;
  });
}

CUDA_API int cuFuncGetAttribute(int *value, int number, void *handle) {
  constexpr int MOST_THREADS = 0;
  return call("cuFuncGetAttribute", [&](Context &) {
    *value = number == MOST_THREADS ? 1024 : 0;
    return driver().objects.find<Function>(handle) ? SUCCESS : INVALID_HANDLE;
  });
}

CUDA_API int cuLaunchKernel(void *handle, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                            unsigned block_y, unsigned block_z, unsigned shared, void *stream, void **arguments,
                            void **) {
  return call("cuLaunchKernel", [&](Context &context) {
    const Function *function = driver().objects.find<Function>(handle);
    if (!function || function->context != &context) {
      return INVALID_HANDLE;
    }
    const Shape shape = {{grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared};
    if (!shape.valid()) {
      return INVALID_VALUE;
    }
    const Kernel &kernel = *function->kernel;
    const auto taken = std::make_shared<Arguments>(kernel, arguments);
    return submit(context, stream, [&kernel, shape, taken] { return run_checked(kernel, shape, *taken); });
  });
}
