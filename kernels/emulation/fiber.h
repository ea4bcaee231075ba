// Fibers: stacks that the running thread of the operating system switches between.
#pragma once
#include <cstddef>

namespace cuda_emulation {

// Goes on at `place`; *here is where this fiber goes on later.
void switch_fiber(void **here, void *place);

// The place of a fiber that begins with `entry`, which never returns, on the stack that starts at `bottom`.
void *new_fiber(char *bottom, size_t bytes, void (*entry)());

}  // namespace cuda_emulation
