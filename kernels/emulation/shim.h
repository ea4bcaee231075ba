// What g++ needs to compile a .cu file as C++: the build includes this before it.
#pragma once
#include "intrinsics.h"
#include "kernel.h"
#include "thread.h"
#include "vectors.h"

#include <math.h>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define CUDA_EMULATION
#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

// One block at a time runs on a thread of the operating system.
#define __shared__ thread_local

#define threadIdx (::cuda_emulation::self->index)
#define blockIdx (::cuda_emulation::self->block->index)
#define blockDim (::cuda_emulation::self->block->dimensions)
#define gridDim (::cuda_emulation::self->block->grid)
