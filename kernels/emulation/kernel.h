// The kernels that were compiled into the emulation, by name.
#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace cuda_emulation {

struct Parameter {
  int bytes;
  bool pointer;
};

struct Kernel {
  std::string name;
  void (*call)(void **arguments);
  std::vector<Parameter> parameters;
};

// Null when there is none of this name.
const Kernel *find_kernel(const std::string &name);

// Adds a kernel before main begins.
struct Registration {
  template <class... A>
  Registration(const char *name, void (*call)(void **), void (*)(A...))
      : Registration(Kernel{name, call, {Parameter{static_cast<int>(sizeof(A)), std::is_pointer<A>::value}...}}) {}
  explicit Registration(Kernel kernel);
};

template <class... A, size_t... I>
void call(void (*kernel)(A...), void **arguments, std::index_sequence<I...>) {
  kernel(*static_cast<A *>(arguments[I])...);
}

template <class... A>
void call(void (*kernel)(A...), void **arguments) {
  call(kernel, arguments, std::index_sequence_for<A...>());
}

}  // namespace cuda_emulation

// A line for every kernel, which the build writes behind its file.
#define CUDA_EMULATION_KERNEL(name)                  \
  static const ::cuda_emulation::Registration register_##name( \
      #name, [](void **arguments) { ::cuda_emulation::call(name, arguments); }, name);
