// Operands of products that need no noise. What a source is: tile.cuh.
#pragma once
#include "quad.cuh"

// A float32 matrix in memory.
struct Stored {
  const float *values;
  int rows, columns;

  using Raw = Quad;
  __device__ __forceinline__ Raw load(int row, int column) const {
    return load_quad(values, rows, columns, row, column);
  }
  __device__ __forceinline__ Quad quad(const Raw &raw, int, int) const { return raw; }
};

// A bfloat16 matrix in memory.
struct StoredBfloat16 {
  const unsigned short *values;
  int rows, columns;

  struct Raw {
    unsigned pairs[2];  // of rows r and r + 8, the earlier column in the low half
  };
  __device__ __forceinline__ Raw load(int row, int column) const {
    return {{pair(row, column), pair(row + 8, column)}};
  }
  __device__ __forceinline__ Quad quad(const Raw &raw, int, int) const {
    Quad quad;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      quad.values[2 * half] = __uint_as_float(raw.pairs[half] << 16);
      quad.values[2 * half + 1] = __uint_as_float(raw.pairs[half] & 0xFFFF0000u);
    }
    return quad;
  }

 private:
  __device__ __forceinline__ unsigned pair(int row, int column) const {
    if (row >= rows || column >= columns) return 0;
    const unsigned short *from = values + index_of(row, column, columns);
    if (columns % 2 == 0) return *reinterpret_cast<const unsigned *>(from);
    return from[0] | (column + 1 < columns ? (unsigned)from[1] << 16 : 0);
  }
};

// The squares of a matrix.
struct Squared {
  Stored of;

  using Raw = Quad;
  __device__ __forceinline__ Raw load(int row, int column) const { return of.load(row, column); }
  __device__ __forceinline__ Quad quad(const Raw &raw, int, int) const {
    Quad quad;
#pragma unroll
    for (int e = 0; e < 4; e++) quad.values[e] = raw.values[e] * raw.values[e];
    return quad;
  }
};
