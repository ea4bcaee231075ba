// What the kernels of flipout share.
#pragma once
#include "rowmajor.cuh"
#include "sampled.cuh"

// The sites of eps, and of the signs r of inputs and t of outputs.
struct FlipoutSite {
  const Run *run;
  int eps, input_signs, output_signs, antithetic;

  __device__ __forceinline__ Noise eps_of_sample(int sample) const { return noise_of(run, eps, antithetic, sample); }
  __device__ __forceinline__ Noise r_of_sample(int sample) const {
    return noise_of(run, input_signs, antithetic, sample);
  }
  __device__ __forceinline__ Noise t_of_sample(int sample) const {
    return noise_of(run, output_signs, antithetic, sample);
  }
};

// A matrix with random signs.
struct Signed {
  Stored of;
  Noise noise;

  using Raw = Quad;
  __device__ __forceinline__ Raw load(int row, int column) const { return of.load(row, column); }
  __device__ __forceinline__ Quad quad(const Raw &raw, int row, int column) const {
    return with_signs(noise, row, column, of.columns, raw);
  }
};
