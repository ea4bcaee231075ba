// The gradients of the data term with respect to mu and sigma, left in registers, a quad of each at the same place: for
// kernels that write them and for those that step an optimizer with them.
//
// A gradient is a struct with
//   void add(const Tile &tile, Sums &dmu, Sums &dspread) const;      // all threads of the block call it
//   static float of_log_sigma(float dspread, float sigma);           // the chain rule
// where the spread is sigma or, for local reparameterisation, sigma². A fused update is then
//   const Tile tile = tile_of_block(layer.outputs, layer.inputs);
//   Sums dmu = {}, dspread = {};
//   gradient.add(tile, dmu, dspread);
//   each_quad(tile, [&](int row, int column, const Quad &dmu, const Quad &dspread) { ... }, dmu, dspread);
// and quads may lie outside of the matrix, where their values are 0.
#pragma once
#include "layer.cuh"
#include "flipout_linear.cuh"
#include "local_linear.cuh"
#include "sampled.cuh"

// dsigma += g eps, and g becomes 0.
__device__ __forceinline__ void add_times_eps(const Tile &tile, const Noise &noise, Sums &g, Sums &dsigma) {
  each_quad(
      tile,
      [&](int row, int column, Quad &g, Quad &dsigma) {
        const Quad eps = normal_quad(noise, row, column);
#pragma unroll
        for (int e = 0; e < 4; e++) dsigma.values[e] = fmaf(g.values[e], eps.values[e], dsigma.values[e]);
        g = {};
      },
      g, dsigma);
}

// g = -g: the gradient of the first of an antithetic pair, which the second's is added to. The pair then has one
// difference, and draws its noise once: eps G_0 + (-eps) G_1 = (-eps) (G_1 - G_0).
__device__ __forceinline__ void negate(const Tile &tile, Sums &g) {
  each_quad(
      tile,
      [](int, int, Quad &g) {
#pragma unroll
        for (int e = 0; e < 4; e++) g.values[e] = -g.values[e];
      },
      g);
}

// dmu = sum_s G_s, dsigma = sum_s G_s eps_s, G_s = dy_sᵀ x_s.
template <class Precision>
struct NaiveGradient {
  Layer layer;
  const float *x, *dy;
  Site site;

  __device__ __forceinline__ void add(const Tile &tile, Sums &dmu, Sums &dsigma) const {
    __shared__ Staging<Precision, Along::ROWS, Along::ROWS> staging;
    Product<Precision, Along::ROWS, Along::ROWS> product(staging);
    Sums sums = {};
    for (int sample = 0; sample < layer.samples; sample++) {
      const Noise noise = site.of_sample(sample);
      const bool first = Precision::PAIRS && site.antithetic && noise.sign > 0;
      product.add(layer.y(dy, sample), layer.x(x, sample), tile, all(layer.examples), sums);
      // Of a pair G_0 + G_1 = 2 G_0 + (G_1 - G_0).
      const float share = first ? 2.0f : 1.0f;
      each_quad(
          tile,
          [&](int, int, const Quad &g, Quad &dmu) {
#pragma unroll
            for (int e = 0; e < 4; e++) dmu.values[e] = fmaf(share, g.values[e], dmu.values[e]);
          },
          sums, dmu);
      if (first) {
        negate(tile, sums);
      } else {
        add_times_eps(tile, noise, sums, dsigma);
      }
    }
  }

  static __device__ __forceinline__ float of_log_sigma(float dsigma, float sigma) { return sigma * dsigma; }
};

// dmu = sum_s dy_sᵀ x_s, d(sigma²) = sum_s dv_sᵀ x_s².
template <class Precision>
struct LocalGradient {
  Layer layer;
  const float *x, *dy, *std;
  Site site;

  __device__ __forceinline__ void add(const Tile &tile, Sums &dmu, Sums &dvariance) const {
    __shared__ Staging<Precision, Along::ROWS, Along::ROWS> staging;
    Product<Precision, Along::ROWS, Along::ROWS> product(staging);
    for (int sample = 0; sample < layer.samples; sample++) {
      const Stored x_s = layer.x(x, sample), dy_s = layer.y(dy, sample);
      product.add(dy_s, x_s, tile, all(layer.examples), dmu);
      const VarianceGradient dv = {dy_s, layer.std(std, sample), site.of_sample(sample)};
      product.add(dv, Squared{x_s}, tile, all(layer.examples), dvariance);
    }
  }

  static __device__ __forceinline__ float of_log_sigma(float dvariance, float sigma) {
    return 2 * sigma * sigma * dvariance;
  }
};

// dmu = sum_s dy_sᵀ x_s, dsigma = sum_s eps_s ((dy_s t)ᵀ (x_s r)).
template <class Precision>
struct FlipoutGradient {
  Layer layer;
  const float *x, *dy;
  FlipoutSite site;

  __device__ __forceinline__ void add(const Tile &tile, Sums &dmu, Sums &dsigma) const {
    __shared__ Staging<Precision, Along::ROWS, Along::ROWS> staging;
    Product<Precision, Along::ROWS, Along::ROWS> product(staging);
    for (int sample = 0; sample < layer.samples; sample++) {
      const Stored x_s = layer.x(x, sample), dy_s = layer.y(dy, sample);
      product.add(dy_s, x_s, tile, all(layer.examples), dmu);
      Sums sums = {};
      product.add(Signed{dy_s, site.t_of_sample(sample)}, Signed{x_s, site.r_of_sample(sample)}, tile,
                  all(layer.examples), sums);
      // Pairs are not made one here: their sums would have to wait in registers, of which there are none left.
      add_times_eps(tile, site.eps_of_sample(sample), sums, dsigma);
    }
  }

  static __device__ __forceinline__ float of_log_sigma(float dsigma, float sigma) { return sigma * dsigma; }
};

// Writes dmu and dlog_sigma [N, K].
template <class Gradient>
__device__ __forceinline__ void backward_weight(const Layer &layer, const Gradient &gradient, const float *log_sigma,
                                                float *dmu, float *dlog_sigma) {
  const int rows = layer.outputs, columns = layer.inputs;
  const Tile tile = tile_of_block(rows, columns);
  Sums mean = {}, spread = {};
  gradient.add(tile, mean, spread);
  each_quad(
      tile,
      [&](int row, int column, const Quad &of_mean, Quad &of_spread) {
        const Quad log = load_quad(log_sigma, rows, columns, row, column);
#pragma unroll
        for (int e = 0; e < 4; e++) {
          of_spread.values[e] = Gradient::of_log_sigma(of_spread.values[e], sigma_of(log.values[e]));
        }
        store_quad(dmu, rows, columns, row, column, of_mean);
        store_quad(dlog_sigma, rows, columns, row, column, of_spread);
      },
      mean, spread);
}
