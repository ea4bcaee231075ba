// Four weights of a tensor, what one Philox block serves: of a matrix a quad, of any other tensor four neighbours. Kernels
// that do nothing but touch every weight give each thread four.
#pragma once
#include "noise.cuh"
#include "ptx.cuh"

// W in the operands' types: the quad at (row, column) of a [rows, columns] matrix.
__device__ __forceinline__ void store_operand(float *w, int rows, int columns, int row, int column, const Quad &quad) {
  store_quad(w, rows, columns, row, column, quad);
}

__device__ __forceinline__ void store_operand(unsigned short *w, int rows, int columns, int row, int column,
                                              const Quad &quad) {
#pragma unroll
  for (int half = 0; half < 2; half++) {
    const int r = row + 8 * half;
    unsigned short *to = w + (size_t)r * columns + column;
    const unsigned pair = pack_bf16(quad.values[2 * half], quad.values[2 * half + 1]);
    if (r < rows && column < columns) {
      if (columns % 2 == 0) {
        *reinterpret_cast<unsigned *>(to) = pair;
      } else {
        to[0] = (unsigned short)pair;
        if (column + 1 < columns) to[1] = (unsigned short)(pair >> 16);
      }
    }
  }
}

struct FourWeights {
  int rows, columns, matrix;  // the tensor; other than a matrix it is one row
  int row, column;            // the first of the four

  __device__ __forceinline__ bool any() const { return row < rows && column < columns; }

  __device__ __forceinline__ bool has(int e) const {
    return row + (matrix ? e / 2 * 8 : 0) < rows && column + (matrix ? e % 2 : e) < columns;
  }

  __device__ __forceinline__ Quad load(const float *tensor) const {
    if (matrix) return load_quad(tensor, rows, columns, row, column);
    Quad four;
#pragma unroll
    for (int e = 0; e < 4; e++) four.values[e] = has(e) ? tensor[column + e] : 0;
    return four;
  }

  __device__ __forceinline__ void store(float *tensor, const Quad &four) const {
    if (matrix) {
      store_quad(tensor, rows, columns, row, column, four);
      return;
    }
#pragma unroll
    for (int e = 0; e < 4; e++) {
      if (has(e)) tensor[column + e] = four.values[e];
    }
  }

  __device__ __forceinline__ Quad normals(const Noise &noise) const {
    if (matrix) return normal_quad(noise, row, column);
    const float4 four = normals_of_block(noise, column >> 2);
    return {{four.x, four.y, four.z, four.w}};
  }
};

// Those of this thread, when blocks of 256 threads number the fours of a tensor, rows last.
__device__ __forceinline__ FourWeights four_weights_of_thread(int rows, int columns, int matrix) {
  if (matrix) {
    const QuadPlace at = quad_of_thread(columns);
    return {rows, columns, matrix, at.row, at.column};
  }
  const unsigned index = blockIdx.x * 256 + threadIdx.x;
  return {rows, columns, matrix, index < (unsigned)(columns - 1) / 4 + 1 ? 0 : rows, (int)(4 * index)};
}
