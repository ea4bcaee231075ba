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
