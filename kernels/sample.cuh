// The gradient of sampled weights that were stored.
#pragma once
#include "four_weights.cuh"
#include "sampled.cuh"
#include "weight.cuh"

// dmu = sum of dW, dsigma = sum of dW eps over all draws; dW [S*N, K], or [S*copies, N] of a vector.
struct SampleGradient {
  Site site;
  int samples, copies;
  const float *dw;

  __device__ __forceinline__ void add(const FourWeights &four, Quad &dmu, Quad &dsigma) const {
    const size_t size = (size_t)four.rows * four.columns;
    Quad eps = {};
    for (int s = 0; s < samples; s++) {
      const Noise noise = site.of_sample(s);
      for (int c = 0; c < copies; c++) {
        const Quad g = four.load(dw + ((size_t)s * copies + c) * size);
        eps = copies == 1 ? next_normals(eps, s, noise, [&](const Noise &of) { return four.normals(of); })
                          : normals_of_copy(four, noise, c);
#pragma unroll
        for (int e = 0; e < 4; e++) {
          dmu.values[e] += g.values[e];
          dsigma.values[e] = fmaf(g.values[e], eps.values[e], dsigma.values[e]);
        }
      }
    }
  }

  static __device__ __forceinline__ float of_log_sigma(float dsigma, float sigma) { return sigma * dsigma; }

 private:
  // Copies follow each other in linear order, so that their fours need not begin with a Philox block.
  static __device__ __forceinline__ Quad normals_of_copy(const FourWeights &four, const Noise &noise, int copy) {
    Quad eps;
    for (int e = 0; e < 4; e++) {
      eps.values[e] = linear_normal(noise, (long long)copy * four.columns + four.column + e);
    }
    return eps;
  }
};
