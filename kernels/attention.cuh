// What the passes of attention share. A block of 4 warps owns 16 rows of one head of one sequence, a warp 4 of them; it
// meets tiles of 32 others, which all of it reads from shared memory. For a product of rows with rows a lane owns one of the
// others, for sums of others each 32nd column: the first gives what the second weighs.
// Rows that a tensor has of `width` columns are here of WIDTH, a multiple of 32, and zeros fill the rest.
#pragma once
#include "reduce.cuh"

constexpr int ATTENTION_THREADS = 128;
constexpr int OWN_ROWS = 16;    // rows of a block
constexpr int WARP_ROWS = 4;    // of a warp
constexpr int OTHER_ROWS = 32;  // rows of a tile that the block meets: a lane each

// Rows of one head of a sequence, in a tensor.
struct HeadRows {
  const float *first;  // of the sequence, at the head's first column
  int stride, width, length;
};

// What a block needs in shared memory: rows of its own once or twice, the rows that it meets, and how they are weighed.
template <int WIDTH, int OWN>
struct AttentionStaging {
  alignas(16) float own[OWN][OWN_ROWS][WIDTH];
  alignas(16) float others[OTHER_ROWS][WIDTH + 4];  // lanes that read four columns of a row each meet no bank twice
  alignas(16) float weights[OWN_ROWS][OTHER_ROWS];
};

__device__ __forceinline__ int first_of_warp() { return threadIdx.x / 32 * WARP_ROWS; }

template <int ROWS, int COLUMNS, int STRIDE>
__device__ __forceinline__ void load_rows(float (&to)[ROWS][STRIDE], const HeadRows &from, int first) {
  for (int i = threadIdx.x; i < ROWS * COLUMNS; i += ATTENTION_THREADS) {
    const int row = i / COLUMNS, column = i % COLUMNS;
    const bool valid = first + row < from.length && column < from.width;
    to[row][column] = valid ? from.first[(size_t)(first + row) * from.stride + column] : 0.0f;
  }
}

// The next rows to meet, when all warps are done with those before.
template <int WIDTH>
__device__ __forceinline__ void load_others(float (&to)[OTHER_ROWS][WIDTH + 4], const HeadRows &from, int first) {
  __syncthreads();
  load_rows<OTHER_ROWS, WIDTH>(to, from, first);
  __syncthreads();
}

// products[i] = the warp's row i times the lane's row of the others
template <int WIDTH>
__device__ __forceinline__ void row_products(const float (&own)[OWN_ROWS][WIDTH],
                                             const float (&others)[OTHER_ROWS][WIDTH + 4], float (&products)[WARP_ROWS]) {
#pragma unroll
  for (int i = 0; i < WARP_ROWS; i++) products[i] = 0;
#pragma unroll 1  // with more, ptxas spills some widths on sm_80 or sm_90
  for (int c = 0; c < WIDTH; c += 4) {
    const float4 y = *reinterpret_cast<const float4 *>(&others[threadIdx.x % 32][c]);
#pragma unroll
    for (int i = 0; i < WARP_ROWS; i++) {
      const float4 x = *reinterpret_cast<const float4 *>(&own[first_of_warp() + i][c]);
      products[i] = fmaf(x.w, y.w, fmaf(x.z, y.z, fmaf(x.y, y.y, fmaf(x.x, y.x, products[i]))));
    }
  }
}

// sums[i] += the others, weighed by the numbers that each lane has for the warp's row i and the lane's row of the others
template <int WIDTH>
__device__ __forceinline__ void add_weighted(float (&weights)[OWN_ROWS][OTHER_ROWS], const float (&own)[WARP_ROWS],
                                             const float (&others)[OTHER_ROWS][WIDTH + 4],
                                             float (&sums)[WARP_ROWS][WIDTH / 32]) {
  const int lane = threadIdx.x % 32;
  __syncwarp();  // the weights before were read
#pragma unroll
  for (int i = 0; i < WARP_ROWS; i++) weights[first_of_warp() + i][lane] = own[i];
  __syncwarp();
#pragma unroll 4
  for (int other = 0; other < OTHER_ROWS; other++) {
#pragma unroll
    for (int c = 0; c < WIDTH / 32; c++) {
      const float y = others[other][32 * c + lane];
#pragma unroll
      for (int i = 0; i < WARP_ROWS; i++) sums[i][c] = fmaf(weights[first_of_warp() + i][other], y, sums[i][c]);
    }
  }
}

// The warp's rows of sums to a tensor, each times a factor.
template <int WIDTH>
__device__ __forceinline__ void store_rows(const float (&sums)[WARP_ROWS][WIDTH / 32], const float (&factors)[WARP_ROWS],
                                           const HeadRows &like, int first, float *to) {
#pragma unroll
  for (int i = 0; i < WARP_ROWS; i++) {
    const int row = first + first_of_warp() + i;
#pragma unroll
    for (int c = 0; c < WIDTH / 32; c++) {
      const int column = 32 * c + threadIdx.x % 32;
      if (row < like.length && column < like.width) to[(size_t)row * like.stride + column] = factors[i] * sums[i][c];
    }
  }
}
