#include "kernel.h"

#include <map>

namespace cuda_emulation {
namespace {

std::map<std::string, Kernel> &kernels() {
  static std::map<std::string, Kernel> kernels;
  return kernels;
}

}  // namespace

const Kernel *find_kernel(const std::string &name) {
  const auto found = kernels().find(name);
  return found == kernels().end() ? nullptr : &found->second;
}

Registration::Registration(Kernel kernel) { kernels().emplace(kernel.name, kernel); }

}  // namespace cuda_emulation
