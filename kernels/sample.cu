// Sample: W = mu + sigma eps, stored for S draws, and its gradient dmu = sum dW, dlog_sigma = sigma sum dW eps.
// Matrices [N, K] give W [S*N, K]; other tensors of n elements W [S*copies, n], whose element i of copy c has the linear
// index c n + i. A thread owns four weights (four_weights.cuh). Bytes a weight: 8 + 4 S copies forward, the same again
// backward, 8 + 2 S for W in bfloat16.
#include "sample.cuh"
#include "weight.cuh"

// mu or log_sigma at four elements of a sample of W: the tensor repeats with every copy.
__device__ __forceinline__ Quad load_repeated(const FourWeights &four, const float *tensor, int elements) {
  if (four.matrix || four.columns == elements) return four.load(tensor);
  Quad values;
#pragma unroll
  for (int e = 0; e < 4; e++) values.values[e] = four.has(e) ? tensor[(four.column + e) % elements] : 0;
  return values;
}

__device__ __forceinline__ Quad draw(const Quad &sigma, const Quad &eps, const Quad &mu) {
  Quad w;
#pragma unroll
  for (int e = 0; e < 4; e++) w.values[e] = sampled(sigma.values[e], eps.values[e], mu.values[e]);
  return w;
}

__device__ __forceinline__ Quad sigmas(const Quad &log_sigma) {
  Quad sigma;
#pragma unroll
  for (int e = 0; e < 4; e++) sigma.values[e] = sigma_of(log_sigma.values[e]);
  return sigma;
}

// Of a tensor that is no matrix `columns` counts the elements of all copies, `elements` those of mu.
extern "C" __global__ void __launch_bounds__(256)
    sample(const Run *run, int site, int antithetic, int samples, int rows, int columns, int matrix, int elements,
           const float *mu, const float *log_sigma, float *w) {
  const FourWeights four = four_weights_of_thread(rows, columns, matrix);
  if (!four.any()) return;
  const Quad mean = load_repeated(four, mu, elements), sigma = sigmas(load_repeated(four, log_sigma, elements));
  for (int s = 0; s < samples; s++) {
    const Quad eps = four.normals(noise_of(run, site, antithetic, s));
    four.store(w + (size_t)s * rows * columns, draw(sigma, eps, mean));
  }
}

// W of a matrix in the operands' type, for products that read it.
template <class Operand>
__device__ __forceinline__ void sample_ahead(const Site &site, int samples, int rows, int columns, const float *mu,
                                             const float *log_sigma, Operand *w) {
  const FourWeights four = four_weights_of_thread(rows, columns, 1);
  if (!four.any()) return;
  const Quad mean = four.load(mu), sigma = sigmas(four.load(log_sigma));
  for (int s = 0; s < samples; s++) {
    const Quad values = draw(sigma, four.normals(site.of_sample(s)), mean);
    store_operand(w + (size_t)s * rows * columns, rows, columns, four.row, four.column, values);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    sample_ahead_f32(const Run *run, int site, int antithetic, int samples, int rows, int columns, const float *mu,
                     const float *log_sigma, float *w) {
  sample_ahead(Site{run, site, antithetic}, samples, rows, columns, mu, log_sigma, w);
}

extern "C" __global__ void __launch_bounds__(256)
    sample_ahead_bf16(const Run *run, int site, int antithetic, int samples, int rows, int columns, const float *mu,
                      const float *log_sigma, unsigned short *w) {
  sample_ahead(Site{run, site, antithetic}, samples, rows, columns, mu, log_sigma, w);
}

extern "C" __global__ void __launch_bounds__(256)
    sample_backward(const Run *run, int site, int antithetic, int samples, int copies, int rows, int columns, int matrix,
                    const float *dw, const float *log_sigma, float *dmu, float *dlog_sigma) {
  const FourWeights four = four_weights_of_thread(rows, columns, matrix);
  if (!four.any()) return;
  Quad mean = {}, spread = {};
  SampleGradient{{run, site, antithetic}, samples, copies, dw}.add(four, mean, spread);
  const Quad sigma = sigmas(four.load(log_sigma));
#pragma unroll
  for (int e = 0; e < 4; e++) spread.values[e] *= sigma.values[e];
  four.store(dmu, mean);
  four.store(dlog_sigma, spread);
}
