// KL(q || p) of a tensor of weights, and its gradients times the upstream gradient. A thread owns four weights
// (four_weights.cuh); sums are formed in two stages in a fixed order, the first of a block of 1024 weights: a block writes
// the divergence and the gradient of a learned prior scale to sums[block] and sums[blocks + block]. Bytes a weight: 8, and
// 8 more for the gradients.
#include "four_weights.cuh"
#include "reduce.cuh"
#include "weight.cuh"

extern "C" __global__ void __launch_bounds__(256)
    divergence(const Run *run, int rows, int columns, int matrix, const float *mu, const float *log_sigma, int kind,
               float a, float b, float c, float d, const float *log_scale, int site, int samples, int antithetic,
               double *sums) {
  const FourWeights four = four_weights_of_thread(rows, columns, matrix);
  const Prior prior = prepared({kind, a, b, c, d, log_scale, site, samples, antithetic, run});
  KlTerm terms[4];
  const Quad log = four.load(log_sigma);
  kl_terms(prior, four.load(mu), log, [&](const Noise &noise) { return four.normals(noise); }, terms);
  float value = 0;
#pragma unroll
  for (int e = 0; e < 4; e++) value += four.has(e) ? terms[e].value : 0;
  const double sum = block_sum((double)value);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

extern "C" __global__ void __launch_bounds__(256)
    divergence_backward(const Run *run, int rows, int columns, int matrix, const float *mu, const float *log_sigma,
                        int kind, float a, float b, float c, float d, const float *log_scale, int site, int samples,
                        int antithetic, const float *upstream, float *dmu, float *dlog_sigma, double *sums) {
  const FourWeights four = four_weights_of_thread(rows, columns, matrix);
  const Prior prior = prepared({kind, a, b, c, d, log_scale, site, samples, antithetic, run});
  KlTerm terms[4];
  const Quad log = four.load(log_sigma);
  kl_terms(prior, four.load(mu), log, [&](const Noise &noise) { return four.normals(noise); }, terms);
  Quad of_mu, of_log_sigma;
  float dprior = 0;
#pragma unroll
  for (int e = 0; e < 4; e++) {
    of_mu.values[e] = *upstream * terms[e].dmu;
    of_log_sigma.values[e] = *upstream * terms[e].dlog_sigma;
    dprior += four.has(e) ? terms[e].dprior : 0;
  }
  if (four.any()) {
    four.store(dmu, of_mu);
    four.store(dlog_sigma, of_log_sigma);
  }
  const double sum = block_sum((double)dprior);
  if (threadIdx.x == 0) sums[gridDim.x + blockIdx.x] = sum;
}

// The second stage, by one block of 256 threads: value = the sum of the first `blocks` sums, dprior = upstream times that of
// the rest; one that is null is not asked for.
extern "C" __global__ void __launch_bounds__(256)
    divergence_total(int blocks, const double *sums, const float *upstream, float *value, float *dprior) {
  for (int which = 0; which < 2; which++) {
    float *result = which == 0 ? value : dprior;
    if (result == nullptr) continue;
    double sum = 0;
    for (int i = threadIdx.x; i < blocks; i += 256) sum += sums[(size_t)which * blocks + i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) *result = (float)(which == 0 ? sum : *upstream * sum);
  }
}
