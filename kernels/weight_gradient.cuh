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
#include "sampled.cuh"

// dmu = sum_s G_s, dsigma = sum_s G_s eps_s, G_s = dy_sᵀ x_s.
template <class Precision>
struct NaiveGradient {
  Layer layer;
  const float *x, *dy;
  Site site;

  __device__ __forceinline__ void add(const Tile &tile, Sums &dmu, Sums &dsigma) const {
    __shared__ Staging<Precision, Along::ROWS, Along::ROWS> staging;
    Product<Precision, Along::ROWS, Along::ROWS> product(staging);
    for (int sample = 0; sample < layer.samples; sample++) {
      Sums sums = {};
      product.add(layer.y(dy, sample), layer.x(x, sample), tile, layer.examples, sums);
      fold(tile, site.of_sample(sample), sums, dmu, dsigma);
    }
  }

  static __device__ __forceinline__ float of_log_sigma(float dsigma, float sigma) { return sigma * dsigma; }

 private:
  static __device__ __forceinline__ void fold(const Tile &tile, const Noise &noise, Sums &sums, Sums &dmu, Sums &dsigma) {
    each_quad(
        tile,
        [&](int row, int column, const Quad &g, Quad &dmu, Quad &dsigma) {
          const Quad eps = normal_quad(noise, row, column);
#pragma unroll
          for (int e = 0; e < 4; e++) {
            dmu.values[e] += g.values[e];
            dsigma.values[e] = fmaf(g.values[e], eps.values[e], dsigma.values[e]);
          }
        },
        sums, dmu, dsigma);
  }
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
          of_spread.values[e] = Gradient::of_log_sigma(of_spread.values[e], expf(log.values[e]));
        }
        store_quad(dmu, rows, columns, row, column, of_mean);
        store_quad(dlog_sigma, rows, columns, row, column, of_spread);
      },
      mean, spread);
}
