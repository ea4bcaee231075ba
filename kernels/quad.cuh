// A quad: rows {r, r + 8} and columns {c, c + 1} of a matrix, r % 16 < 8 and c even. It is the unit of everything around
// matrix products: what one Philox block gives normals to, what a thread loads of an operand, and what a lane owns of the
// accumulators of mma.m16n8k16. The 32 lanes of a warp own a patch of 16 x 8: lane l the quad at row l / 4, column
// 2 (l % 4).
#pragma once

struct Quad {
  float values[4];  // (r, c), (r, c + 1), (r + 8, c), (r + 8, c + 1)
};

constexpr int PATCH_ROWS = 16, PATCH_COLUMNS = 8;

__device__ __forceinline__ int lane_row() { return (threadIdx.x & 31) >> 2; }

__device__ __forceinline__ int lane_column() { return (threadIdx.x & 3) << 1; }

// Two elements of a row of so many columns, from an even column on; `outside` where the row has no such element.
__device__ __forceinline__ float2 load_pair(const float *row, int columns, int column, float outside = 0) {
  float2 pair = make_float2(outside, outside);
  if (column < columns) {
    if (columns % 2 == 0) {  // else rows are not aligned for pairs, and a pair can be half outside
      pair = *reinterpret_cast<const float2 *>(row + column);
    } else {
      pair.x = row[column];
      if (column + 1 < columns) pair.y = row[column + 1];
    }
  }
  return pair;
}

// The quad of this thread, when blocks of 256 threads number the quads of a matrix of so many columns.
struct QuadPlace {
  int row, column;
};

__device__ __forceinline__ QuadPlace quad_of_thread(int columns) {
  const unsigned index = blockIdx.x * 256 + threadIdx.x, pairs = (unsigned)(columns - 1) / 2 + 1, y = index / pairs;
  return {(int)(y / 8 * 16 + y % 8), (int)(index % pairs * 2)};
}

// The place of an element in a row-major matrix. A tensor has fewer than 2^31 elements, so 32 bits hold it.
__device__ __forceinline__ unsigned index_of(int row, int column, int columns) {
  return (unsigned)row * columns + column;
}

// A quad of a [rows, columns] matrix; `outside` where the matrix has no such element.
__device__ __forceinline__ Quad load_quad(const float *matrix, int rows, int columns, int row, int column,
                                          float outside = 0) {
  Quad quad;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    const int r = row + 8 * half;
    float2 pair = make_float2(outside, outside);
    if (r < rows) pair = load_pair(matrix + index_of(r, 0, columns), columns, column, outside);
    quad.values[2 * half] = pair.x;
    quad.values[2 * half + 1] = pair.y;
  }
  return quad;
}

// Writes what of the quad lies in the matrix.
__device__ __forceinline__ void store_quad(float *matrix, int rows, int columns, int row, int column, const Quad &quad) {
#pragma unroll
  for (int half = 0; half < 2; half++) {
    const int r = row + 8 * half;
    if (r < rows && column < columns) {
      float *to = matrix + index_of(r, column, columns);
      if (columns % 2 == 0) {
        *reinterpret_cast<float2 *>(to) = make_float2(quad.values[2 * half], quad.values[2 * half + 1]);
      } else {
        to[0] = quad.values[2 * half];
        if (column + 1 < columns) to[1] = quad.values[2 * half + 1];
      }
    }
  }
}
