// Kernels with the faults that the emulation is to find; they are in no build of the product. EmulationTest has what it
// says of each.
#include "ptx.cuh"

// Two halves of the block wait in different places.
extern "C" __global__ void divergent_barrier() {
  if (threadIdx.x < 16) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}

// Some threads have ended when others wait for them.
extern "C" __global__ void ended_before_barrier() {
  if (threadIdx.x < 8) return;
  __syncthreads();
}

// Half of a warp waits for the block, the other half for the warp.
extern "C" __global__ void deadlock() {
  if (threadIdx.x < 16) {
    __syncthreads();
  } else {
    __syncwarp();
  }
}

// The lanes of a warp do not agree who takes part.
extern "C" __global__ void different_masks() { __syncwarp(threadIdx.x < 16 ? 0x0001ffffu : 0xffffffffu); }

extern "C" __global__ void outside_mask() { __syncwarp(0x0000ffffu); }

// Values of a neighbour, read before it is sure to have written them.
extern "C" __global__ void missing_barrier(float *values) {
  __shared__ float staged[64];
  staged[threadIdx.x] = -1;
  __syncthreads();
  staged[threadIdx.x] = threadIdx.x;
  values[threadIdx.x] = staged[(threadIdx.x + 1) % 64];
}

// Values that nobody waits for.
extern "C" __global__ void missing_wait(const float *from, float *to) {
  __shared__ float staged[32];
  copy_async_4(&staged[threadIdx.x], &from[threadIdx.x], true);
  copy_async_commit();
  to[threadIdx.x] = staged[threadIdx.x];
}

extern "C" __global__ void writes_outside(float *values, int at) { values[at] = 1; }

// A value of a lane that takes no part.
extern "C" __global__ void shuffle_from_nobody(float *values) {
  values[threadIdx.x] = __shfl_down_sync(0xffffffffu, 1.0f, 1);
}

extern "C" __global__ void misaligned_matrix(unsigned *values) {
  __shared__ __align__(16) unsigned staged[64];
  ldmatrix_x4(values, &staged[1]);
}

extern "C" __global__ void product_of_half_a_warp(float *values) {
  const unsigned fragment[4] = {};
  mma_bf16(values, fragment, fragment);
}
