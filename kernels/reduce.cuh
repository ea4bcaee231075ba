// Sums and maxima over the threads of a block, in an order that depends on nothing but the size of the block.
#pragma once

constexpr unsigned ALL_LANES = 0xffffffffu;

// The sum over a warp, in every lane: adding is symmetric, so all lanes get the same bits.
template <class T>
__device__ __forceinline__ T warp_sum(T value) {
#pragma unroll
  for (int distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(ALL_LANES, value, distance);
  return value;
}

// The largest value of a warp, in every lane.
__device__ __forceinline__ float warp_max(float value) {
#pragma unroll
  for (int distance = 16; distance > 0; distance /= 2) value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, distance));
  return value;
}

// The sum over a block of up to 1024 threads, full warps all, in every lane of the first warp.
template <class T>
__device__ __forceinline__ T block_sum(T value) {
  __shared__ T sums[32];
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  value = warp_sum(value);
  __syncthreads();  // what an earlier sum left was read
  if (lane == 0) sums[warp] = value;
  __syncthreads();
  if (warp == 0) value = warp_sum(lane < blockDim.x / 32 ? sums[lane] : T(0));
  return value;
}

// The sum over the warps of a block of 256 threads, lane by lane, in the first warp.
__device__ __forceinline__ float sum_of_warps(float value) {
  __shared__ float sums[8][32];
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  __syncthreads();  // what an earlier sum left was read
  sums[warp][lane] = value;
  __syncthreads();
  float sum = 0;
  for (int i = 0; i < 8 && warp == 0; i++) sum += sums[i][lane];
  return sum;
}
