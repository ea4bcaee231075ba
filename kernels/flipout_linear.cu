// FlipoutLinear and its gradients: y = x muᵀ + ((x r) (sigma eps_s)ᵀ) t, dx = dy mu + ((dy t) (sigma eps_s)) r,
// dmu = sum_s dy_sᵀ x_s, dlog_sigma = sigma sum_s eps_s ((dy_s t)ᵀ (x_s r)), with signs r at the elements of x, t at those
// of y. x [S*B, K] or shared [B, K], mu and log_sigma [N, K], y [S*B, N]. Neither eps nor signs are stored. A block of 256
// threads owns a 64 x 64 tile of the result and forms two products for it, one after the other: the first reads mu, the
// second log_sigma, 8 bytes a weight and sample for every 64 examples.
#include "bfloat16.cuh"
#include "flipout_linear.cuh"
#include "float32.cuh"
#include "layer.cuh"
#include "weight_gradient.cuh"

// sums += perturbed with the signs of the elements of a matrix of so many columns.
__device__ __forceinline__ void add_signed(const Tile &tile, const Noise &signs, int columns, Sums &perturbed, Sums &sums) {
  each_quad(
      tile,
      [&](int row, int column, const Quad &perturbed, Quad &sum) {
        const Quad term = with_signs(signs, row, column, columns, perturbed);
#pragma unroll
        for (int e = 0; e < 4; e++) sum.values[e] += term.values[e];
      },
      perturbed, sums);
}

// A block owns a tile of y of one sample.
template <class Precision>
__device__ __forceinline__ void flipout_forward(const Layer &layer, const FlipoutSite &site, const float *x,
                                                const float *mu, const float *log_sigma, const Activation &result) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::COLUMNS> staging;
  Product<Precision, Along::COLUMNS, Along::COLUMNS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.outputs);
  const Stored x_s = layer.x(x, tile.sample);
  Sums sums = {}, perturbed = {};
  product.add(x_s, Stored{mu, layer.outputs, layer.inputs}, tile, all(layer.inputs), sums);
  product.add(Signed{x_s, site.r_of_sample(tile.sample)},
              Perturbation{log_sigma, layer.outputs, layer.inputs, site.eps_of_sample(tile.sample)}, tile,
              all(layer.inputs), perturbed);
  add_signed(tile, site.t_of_sample(tile.sample), layer.outputs, perturbed, sums);
  store(result, tile, sums);
}

// A block owns a tile of dx, of one sample or, where x is shared, summed over all of them.
template <class Precision>
__device__ __forceinline__ void flipout_backward_input(const Layer &layer, const FlipoutSite &site, const float *dy,
                                                       const float *mu, const float *log_sigma, const Masked &result) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::ROWS> staging;
  Product<Precision, Along::COLUMNS, Along::ROWS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.inputs);
  const int end = layer.shared ? layer.samples : tile.sample + 1;
  Sums sums = {};
  for (int sample = tile.sample; sample < end; sample++) {
    const Stored dy_s = layer.y(dy, sample);
    Sums perturbed = {};
    product.add(dy_s, Stored{mu, layer.outputs, layer.inputs}, tile, all(layer.outputs), sums);
    product.add(Signed{dy_s, site.t_of_sample(sample)},
                Perturbation{log_sigma, layer.outputs, layer.inputs, site.eps_of_sample(sample)}, tile,
                all(layer.outputs), perturbed);
    add_signed(tile, site.r_of_sample(sample), layer.inputs, perturbed, sums);
  }
  store(result, tile, sums);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    flipout_linear_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                       int input_signs, int output_signs, int antithetic, const float *x, const float *mu,
                       const float *log_sigma, float *y, const float *bias, int bias_of_sample, int bias_of_row,
                       float *relu) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite sites = {run, site, input_signs, output_signs, antithetic};
  flipout_forward<F32>(layer, sites, x, mu, log_sigma, {layer, y, bias, bias_of_sample, bias_of_row, relu});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    flipout_linear_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                        int input_signs, int output_signs, int antithetic, const float *x, const float *mu,
                        const float *log_sigma, float *y, const float *bias, int bias_of_sample, int bias_of_row,
                        float *relu) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite sites = {run, site, input_signs, output_signs, antithetic};
  flipout_forward<BF16>(layer, sites, x, mu, log_sigma, {layer, y, bias, bias_of_sample, bias_of_row, relu});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    flipout_linear_backward_input_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                      int site, int input_signs, int output_signs, int antithetic, const float *dy,
                                      const float *mu, const float *log_sigma, float *dx, const float *mask) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite sites = {run, site, input_signs, output_signs, antithetic};
  flipout_backward_input<F32>(layer, sites, dy, mu, log_sigma, {layer, dx, mask});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    flipout_linear_backward_input_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                       int site, int input_signs, int output_signs, int antithetic, const float *dy,
                                       const float *mu, const float *log_sigma, float *dx, const float *mask) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite sites = {run, site, input_signs, output_signs, antithetic};
  flipout_backward_input<BF16>(layer, sites, dy, mu, log_sigma, {layer, dx, mask});
}

extern "C" __global__ void __launch_bounds__(256, 2)
    flipout_linear_backward_weight_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                       int site, int input_signs, int output_signs, int antithetic, const float *x,
                                       const float *dy, const float *log_sigma, float *dmu, float *dlog_sigma) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite sites = {run, site, input_signs, output_signs, antithetic};
  backward_weight(layer, FlipoutGradient<F32>{layer, x, dy, sites}, log_sigma, dmu, dlog_sigma);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    flipout_linear_backward_weight_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                        int site, int input_signs, int output_signs, int antithetic, const float *x,
                                        const float *dy, const float *log_sigma, float *dmu, float *dlog_sigma) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite sites = {run, site, input_signs, output_signs, antithetic};
  backward_weight(layer, FlipoutGradient<BF16>{layer, x, dy, sites}, log_sigma, dmu, dlog_sigma);
}
