// Operands of products that are drawn while multiplying, and the noise of elements in row-major order.
#pragma once
#include "noise.cuh"
#include "source.cuh"
#include "weight.cuh"

// Where the noise of an operation comes from (dev.elbo.graph.NoiseSite), and of which run.
struct Site {
  const Run *run;
  int site, antithetic;

  __device__ __forceinline__ Noise of_sample(int sample) const { return noise_of(run, site, antithetic, sample); }
};

// Outside of a matrix sigma is exp of this: 0.
constexpr float NO_SPREAD = -1000;

// W = mu + sigma eps of one sample.
struct SampledWeight {
  const float *mu, *log_sigma;
  int rows, columns;
  Noise noise;

  struct Raw {
    Quad mu, log_sigma;
  };
  __device__ __forceinline__ Raw load(int row, int column) const {
    return {load_quad(mu, rows, columns, row, column), load_quad(log_sigma, rows, columns, row, column, NO_SPREAD)};
  }
  __device__ __forceinline__ Quad quad(const Raw &raw, int row, int column) const {
    Quad w = normal_quad(noise, row, column);
#pragma unroll
    for (int e = 0; e < 4; e++) w.values[e] = sampled(sigma_of(raw.log_sigma.values[e]), w.values[e], raw.mu.values[e]);
    return w;
  }
};

// W = mu + sigma eps and mu - sigma eps, those of an antithetic pair.
struct SampledPair {
  SampledWeight first;

  using Raw = SampledWeight::Raw;
  __device__ __forceinline__ Raw load(int row, int column) const { return first.load(row, column); }
  __device__ __forceinline__ void quads(const Raw &raw, int row, int column, Quad &plus, Quad &minus) const {
    const Quad eps = normal_quad(first.noise, row, column);
#pragma unroll
    for (int e = 0; e < 4; e++) {
      const float sigma = sigma_of(raw.log_sigma.values[e]), mu = raw.mu.values[e];
      plus.values[e] = sampled(sigma, eps.values[e], mu);
      minus.values[e] = sampled(sigma, -eps.values[e], mu);
    }
  }
};

// sigma eps of one sample.
struct Perturbation {
  const float *log_sigma;
  int rows, columns;
  Noise noise;

  using Raw = Quad;
  __device__ __forceinline__ Raw load(int row, int column) const {
    return load_quad(log_sigma, rows, columns, row, column, NO_SPREAD);
  }
  __device__ __forceinline__ Quad quad(const Raw &raw, int row, int column) const {
    Quad w = normal_quad(noise, row, column);
#pragma unroll
    for (int e = 0; e < 4; e++) w.values[e] *= sigma_of(raw.values[e]);
    return w;
  }
};

// sigma².
struct Variance {
  const float *log_sigma;
  int rows, columns;

  using Raw = Quad;
  __device__ __forceinline__ Raw load(int row, int column) const {
    return load_quad(log_sigma, rows, columns, row, column, NO_SPREAD);
  }
  __device__ __forceinline__ Quad quad(const Raw &raw, int, int) const {
    Quad variance;
#pragma unroll
    for (int e = 0; e < 4; e++) {
      const float sigma = sigma_of(raw.values[e]);
      variance.values[e] = sigma * sigma;
    }
    return variance;
  }
};
