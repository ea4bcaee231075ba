// A quad: rows {r, r + 8} and columns {c, c + 1} of a matrix, r % 16 < 8 and c even. It is the unit of everything around
// matrix products: what one Philox block gives normals to, what a thread loads of an operand, and what a lane owns of the
// accumulators of mma.m16n8k16. The 32 lanes of a warp own a patch of 16 x 8: lane l the quad at row l / 4, column 2 (l % 4).
#pragma once

struct Quad {
  float values[4];  // (r, c), (r, c + 1), (r + 8, c), (r + 8, c + 1)
};

constexpr int PATCH_ROWS = 16, PATCH_COLUMNS = 8;

__device__ __forceinline__ int lane_row() { return (threadIdx.x & 31) >> 2; }

__device__ __forceinline__ int lane_column() { return (threadIdx.x & 3) << 1; }

// A quad of a [rows, columns] matrix; `outside` where the matrix has no such element.
__device__ __forceinline__ Quad load_quad(const float *matrix, int rows, int columns, int row, int column,
                                          float outside = 0) {
  Quad quad;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    const int r = row + 8 * half;
    const float *from = matrix + (size_t)r * columns + column;
    float2 pair = make_float2(outside, outside);
    if (r < rows && column < columns) {
      if (columns % 2 == 0) {  // else rows are not aligned for pairs, and a pair can be half outside
        pair = *reinterpret_cast<const float2 *>(from);
      } else {
        pair.x = from[0];
        if (column + 1 < columns) pair.y = from[1];
      }
    }
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
    float *to = matrix + (size_t)r * columns + column;
    if (r < rows && column < columns) {
      if (columns % 2 == 0) {
        *reinterpret_cast<float2 *>(to) = make_float2(quad.values[2 * half], quad.values[2 * half + 1]);
      } else {
        to[0] = quad.values[2 * half];
        if (column + 1 < columns) to[1] = quad.values[2 * half + 1];
      }
    }
  }
}
