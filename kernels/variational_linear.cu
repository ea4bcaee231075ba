// VariationalLinear and its gradients: y = x W_sᵀ, dx = dy W_s, dmu = sum_s G_s, dlog_sigma = sigma sum_s G_s eps_s with
// G_s = dy_sᵀ x_s. W_s = mu + sigma eps_s [N, K] is drawn in the tile and never stored; nor is eps.
// x [S*B, K] or shared [B, K], mu and log_sigma [N, K], y [S*B, N]. A block of 256 threads owns a 64 x 64 tile of the
// result, of antithetic pairs with bfloat16 operands that of both samples. The forward pass reads 8 bytes a weight and
// sample (or pair) for every 64 examples; backward_weight reads log_sigma and writes both gradients once, 12 bytes a weight.
#include "bfloat16.cuh"
#include "float32.cuh"
#include "layer.cuh"
#include "sampled.cuh"
#include "weight_gradient.cuh"

struct SampledWeights {
  Layer layer;
  const float *mu, *log_sigma;
  Site site;

  __device__ __forceinline__ SampledWeight of_sample(int sample) const {
    return {mu, log_sigma, layer.outputs, layer.inputs, site.of_sample(sample)};
  }
  __device__ __forceinline__ SampledPair of_pair(int first) const { return {of_sample(first)}; }
};

extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                           int antithetic, const float *x, const float *mu, const float *log_sigma, float *y,
                           const float *bias, int bias_of_sample, int bias_of_row, float *relu, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  forward<F32>(layer, x, SampledWeights{layer, mu, log_sigma, {run, site, antithetic}},
               {layer, y, bias, bias_of_sample, bias_of_row, relu}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                            int antithetic, const float *x, const float *mu, const float *log_sigma, float *y,
                            const float *bias, int bias_of_sample, int bias_of_row, float *relu, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  forward<BF16>(layer, x, SampledWeights{layer, mu, log_sigma, {run, site, antithetic}},
                {layer, y, bias, bias_of_sample, bias_of_row, relu}, parts);
}

// Of antithetic pairs; float32 operands of two products have no room in shared memory.
extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_pairs_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                                  int antithetic, const float *x, const float *mu, const float *log_sigma, float *y,
                                  const float *bias, int bias_of_sample, int bias_of_row, float *relu, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  forward_pairs<BF16>(layer, x, SampledWeights{layer, mu, log_sigma, {run, site, antithetic}},
                      {layer, y, bias, bias_of_sample, bias_of_row, relu}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_backward_input_f32(int samples, int examples, int inputs, int outputs, int shared,
                                          const Run *run, int site, int antithetic, const float *dy, const float *mu,
                                          const float *log_sigma, float *dx, const float *mask, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_input<F32>(layer, dy, SampledWeights{layer, mu, log_sigma, {run, site, antithetic}}, {layer, dx, mask}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_backward_input_bf16(int samples, int examples, int inputs, int outputs, int shared,
                                           const Run *run, int site, int antithetic, const float *dy, const float *mu,
                                           const float *log_sigma, float *dx, const float *mask, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_input<BF16>(layer, dy, SampledWeights{layer, mu, log_sigma, {run, site, antithetic}}, {layer, dx, mask}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_backward_input_pairs_bf16(int samples, int examples, int inputs, int outputs, int shared,
                                                 const Run *run, int site, int antithetic, const float *dy,
                                                 const float *mu, const float *log_sigma, float *dx, const float *mask,
                                                 float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_input_pairs<BF16>(layer, dy, SampledWeights{layer, mu, log_sigma, {run, site, antithetic}}, {layer, dx, mask},
                             parts);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_backward_weight_f32(int samples, int examples, int inputs, int outputs, int shared,
                                           const Run *run, int site, int antithetic, const float *x, const float *dy,
                                           const float *log_sigma, float *dmu, float *dlog_sigma) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_weight(layer, NaiveGradient<F32>{layer, x, dy, {run, site, antithetic}}, log_sigma, dmu, dlog_sigma);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    variational_linear_backward_weight_bf16(int samples, int examples, int inputs, int outputs, int shared,
                                            const Run *run, int site, int antithetic, const float *x, const float *dy,
                                            const float *log_sigma, float *dmu, float *dlog_sigma) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_weight(layer, NaiveGradient<BF16>{layer, x, dy, {run, site, antithetic}}, log_sigma, dmu, dlog_sigma);
}
