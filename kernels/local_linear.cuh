// What the kernels of local reparameterisation share.
#pragma once
#include "rowmajor.cuh"
#include "sampled.cuh"

// dv = dy eps / (2 std), the gradient of the variance; 0 where std is.
struct VarianceGradient {
  Stored dy, std;
  Noise noise;

  struct Raw {
    Quad dy, std;
  };
  __device__ __forceinline__ Raw load(int row, int column) const {
    return {dy.load(row, column), std.load(row, column)};
  }
  __device__ __forceinline__ Quad quad(const Raw &raw, int row, int column) const {
    Quad dv = linear_normal_quad(noise, row, column, dy.columns);
#pragma unroll
    for (int e = 0; e < 4; e++) {
      const float std = raw.std.values[e];
      dv.values[e] = std == 0 ? 0 : raw.dy.values[e] * dv.values[e] / (2 * std);
    }
    return dv;
  }
};
