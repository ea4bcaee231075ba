// Single instructions and the order of blocks, for tests of the emulation; they are in no build of the product.
#include "ptx.cuh"

// d += a b of one warp: what each lane holds of a, b and d, next to each other.
extern "C" __global__ void probe_product(const unsigned *a, const unsigned *b, float *d) {
  mma_bf16(d + 4 * threadIdx.x, a + 4 * threadIdx.x, b + 2 * threadIdx.x);
}

// What each lane gets of matrices of 8 x 8 values that lie one behind the other; of four and of two, and of their
// transposes.
extern "C" __global__ void probe_matrices(const unsigned *pairs, unsigned *four, unsigned *four_transposed, unsigned *two,
                                          unsigned *two_transposed) {
  __shared__ __align__(16) unsigned staged[32][4];
  const int lane = threadIdx.x;
  for (int i = 0; i < 4; i++) {
    staged[lane][i] = pairs[4 * lane + i];
  }
  __syncwarp();
  ldmatrix_x4(four + 4 * lane, staged[lane]);
  ldmatrix_x4_trans(four_transposed + 4 * lane, staged[lane]);
  ldmatrix_x2(two + 2 * lane, staged[lane]);
  ldmatrix_x2_trans(two_transposed + 2 * lane, staged[lane]);
}

// Copies in two groups; the first is waited for, then both. Only the first `valid` threads have something to copy.
extern "C" __global__ void probe_copies(const float *from, int valid, float *first, float *second) {
  __shared__ __align__(16) float staged[2][32];
  const int lane = threadIdx.x;
  copy_async_4(&staged[0][lane], &from[lane], lane < valid);
  copy_async_commit();
  if (lane % 2 == 0) copy_async_8(&staged[1][lane], &from[lane], lane < valid);
  copy_async_commit();
  copy_async_wait<1>();
  __syncwarp();
  first[lane] = staged[0][lane ^ 1];
  copy_async_wait<0>();
  __syncwarp();
  second[lane] = staged[1][lane ^ 1];
}

extern "C" __global__ void probe_pack(const float *values, unsigned *pairs) {
  pairs[threadIdx.x] = pack_bf16(values[2 * threadIdx.x], values[2 * threadIdx.x + 1]);
}

// Every lane's sum of the lanes up to it, the votes for odd ones, and its value of its partner's, in segments of 8.
extern "C" __global__ void probe_lanes(int *sums, unsigned *votes, int *partners) {
  const int lane = threadIdx.x;
  int sum = lane;
  for (int distance = 1; distance < 32; distance *= 2) {
    const int below = __shfl_up_sync(0xffffffffu, sum, distance);
    if (lane >= distance) sum += below;
  }
  sums[lane] = sum;
  votes[lane] = __ballot_sync(0xffffffffu, lane % 2);
  partners[lane] = __shfl_xor_sync(0xffffffffu, lane, 3, 8) + 100 * __shfl_sync(0xffffffffu, lane, 2, 8);
}

// When each block has had its turn.
extern "C" __global__ void probe_order(int *turn, int *turns) {
  if (threadIdx.x == 0) turns[blockIdx.x] = atomicAdd(turn, 1);
}

extern "C" __global__ void probe_add(float *values, int count, float summand) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) values[i] += summand;
}
