#include "fiber.h"

#include <cstdint>

#if defined(__x86_64__) && !defined(CUDA_EMULATION_UCONTEXT)

// swapcontext asks the kernel for the signal mask on every switch; this is the rest of it.
extern "C" void cuda_emulation_switch_fiber(void **here, void *place);
asm(R"(
.text
.globl cuda_emulation_switch_fiber
.hidden cuda_emulation_switch_fiber
.type cuda_emulation_switch_fiber, @function
cuda_emulation_switch_fiber:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size cuda_emulation_switch_fiber, .-cuda_emulation_switch_fiber
)");

namespace cuda_emulation {

void switch_fiber(void **here, void *place) { cuda_emulation_switch_fiber(here, place); }

void *new_fiber(char *bottom, size_t bytes, void (*entry)()) {
  constexpr int saved_registers = 6;
  void **top = reinterpret_cast<void **>(reinterpret_cast<uintptr_t>(bottom + bytes) & ~uintptr_t{15});
  *--top = nullptr;  // the return address of entry, which keeps the stack aligned as after a call
  *--top = reinterpret_cast<void *>(entry);
  for (int i = 0; i < saved_registers; i++) {
    *--top = nullptr;
  }
  return top;
}

}  // namespace cuda_emulation

#else
#include <ucontext.h>

namespace cuda_emulation {

void switch_fiber(void **here, void *place) {
  ucontext_t context;
  *here = &context;
  swapcontext(&context, static_cast<ucontext_t *>(place));
}

void *new_fiber(char *bottom, size_t bytes, void (*entry)()) {
  const uintptr_t top = reinterpret_cast<uintptr_t>(bottom + bytes) - sizeof(ucontext_t);
  auto *context = reinterpret_cast<ucontext_t *>(top & ~uintptr_t{63});
  getcontext(context);
  context->uc_stack.ss_sp = bottom;
  context->uc_stack.ss_size = reinterpret_cast<char *>(context) - bottom;
  context->uc_link = nullptr;
  makecontext(context, entry, 0);
  return context;
}

}  // namespace cuda_emulation

#endif
