// LocalLinear and its gradients (local reparameterisation): y = x muᵀ + std eps, std² = x² (sigma²)ᵀ,
// dx = dy mu + 2 x (dv sigma²), dmu = dyᵀ x, dlog_sigma = 2 sigma² (dvᵀ x²), dv = dy eps / (2 std).
// x [S*B, K] or shared [B, K], mu and log_sigma [N, K], y [S*B, N], std of the rows of x. eps is drawn at the elements of y
// and never stored. A block of 256 threads owns a 64 x 64 tile of the result and forms two products for it, one after the
// other: the first reads mu, the second log_sigma.
#include "bfloat16.cuh"
#include "float32.cuh"
#include "layer.cuh"
#include "local_linear.cuh"
#include "weight_gradient.cuh"

// A block owns a tile of std, and of y for all samples that it serves.
template <class Precision>
__device__ __forceinline__ void local_forward(const Layer &layer, const Site &site, const float *x, const float *mu,
                                              const float *log_sigma, float *std, const Activation &result) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::COLUMNS> staging;
  Product<Precision, Along::COLUMNS, Along::COLUMNS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.outputs);
  const Stored x_s = layer.x(x, tile.sample);
  Sums mean = {}, spread = {};
  product.add(x_s, Stored{mu, layer.outputs, layer.inputs}, tile, all(layer.inputs), mean);
  product.add(Squared{x_s}, Variance{log_sigma, layer.outputs, layer.inputs}, tile, all(layer.inputs), spread);
  each_quad(
      tile,
      [&](int row, int column, Quad &spread) {
#pragma unroll
        for (int e = 0; e < 4; e++) spread.values[e] = sqrtf(spread.values[e]);
        store_quad(std + layer.std_begin(tile.sample), layer.examples, layer.outputs, row, column, spread);
      },
      spread);
  const int end = layer.shared ? layer.samples : tile.sample + 1;
  each_quad(
      tile,
      [&](int row, int column, const Quad &mean, const Quad &std) {
#pragma unroll 1
        for (int sample = tile.sample; sample < end; sample++) {
          Quad y = linear_normal_quad(site.of_sample(sample), row, column, layer.outputs);
#pragma unroll
          for (int e = 0; e < 4; e++) y.values[e] = fmaf(std.values[e], y.values[e], mean.values[e]);
          result.store(sample, row, column, y);
        }
      },
      mean, spread);
}

// A block owns a tile of dx, of one sample or, where x is shared, summed over all of them.
template <class Precision>
__device__ __forceinline__ void local_backward_input(const Layer &layer, const Site &site, const float *dy,
                                                     const float *std, const float *x, const float *mu,
                                                     const float *log_sigma, const Masked &result) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::ROWS> staging;
  Product<Precision, Along::COLUMNS, Along::ROWS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.inputs);
  const int end = layer.shared ? layer.samples : tile.sample + 1;
  Sums mean = {}, variance = {};
  for (int sample = tile.sample; sample < end; sample++) {
    const Stored dy_s = layer.y(dy, sample);
    product.add(dy_s, Stored{mu, layer.outputs, layer.inputs}, tile, all(layer.outputs), mean);
    product.add(VarianceGradient{dy_s, layer.std(std, sample), site.of_sample(sample)},
                Variance{log_sigma, layer.outputs, layer.inputs}, tile, all(layer.outputs), variance);
  }
  const Stored x_s = layer.x(x, tile.sample);
  each_quad(
      tile,
      [&](int row, int column, Quad &mean, const Quad &variance) {
        const Quad x = x_s.load(row, column);
#pragma unroll
        for (int e = 0; e < 4; e++) mean.values[e] = fmaf(2 * x.values[e], variance.values[e], mean.values[e]);
      },
      mean, variance);
  store(result, tile, mean);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    local_linear_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                     int antithetic, const float *x, const float *mu, const float *log_sigma, float *std, float *y,
                     const float *bias, int bias_of_sample, int bias_of_row, float *relu) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  local_forward<F32>(layer, {run, site, antithetic}, x, mu, log_sigma, std,
                     {layer, y, bias, bias_of_sample, bias_of_row, relu});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    local_linear_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                      int antithetic, const float *x, const float *mu, const float *log_sigma, float *std, float *y,
                      const float *bias, int bias_of_sample, int bias_of_row, float *relu) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  local_forward<BF16>(layer, {run, site, antithetic}, x, mu, log_sigma, std,
                      {layer, y, bias, bias_of_sample, bias_of_row, relu});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    local_linear_backward_input_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                    int site, int antithetic, const float *dy, const float *std, const float *x,
                                    const float *mu, const float *log_sigma, float *dx, const float *mask) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  local_backward_input<F32>(layer, {run, site, antithetic}, dy, std, x, mu, log_sigma, {layer, dx, mask});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    local_linear_backward_input_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                     int site, int antithetic, const float *dy, const float *std, const float *x,
                                     const float *mu, const float *log_sigma, float *dx, const float *mask) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  local_backward_input<BF16>(layer, {run, site, antithetic}, dy, std, x, mu, log_sigma, {layer, dx, mask});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    local_linear_backward_weight_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                     int site, int antithetic, const float *x, const float *dy, const float *std,
                                     const float *log_sigma, float *dmu, float *dlog_sigma) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_weight(layer, LocalGradient<F32>{layer, x, dy, std, {run, site, antithetic}}, log_sigma, dmu, dlog_sigma);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    local_linear_backward_weight_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                      int site, int antithetic, const float *x, const float *dy, const float *std,
                                      const float *log_sigma, float *dmu, float *dlog_sigma) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_weight(layer, LocalGradient<BF16>{layer, x, dy, std, {run, site, antithetic}}, log_sigma, dmu, dlog_sigma);
}
