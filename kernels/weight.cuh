// What is known of a weight: the posterior q = Normal(mu, sigma²) with sigma = exp(log_sigma), W = mu + sigma eps, and its
// divergence from the prior. dev.elbo.graph.Divergence has the formulas.
#pragma once
#include "noise.cuh"

// To float32 rounding, unlike the fast exponential.
__device__ __forceinline__ float sigma_of(float log_sigma) { return expf(log_sigma); }

// Rounded once, and to the operand's type afterwards: W has the same bits in every kernel that makes it.
__device__ __forceinline__ float sampled(float sigma, float eps, float mu) { return fmaf(sigma, eps, mu); }

// In the order of dev.elbo.device.cuda.PriorArguments.
enum PriorKind { GAUSSIAN, LEARNED_GAUSSIAN, LAPLACE, SCALE_MIXTURE };

// The prior p and what its kind needs: GAUSSIAN a = log scale, b = 1/scale², LEARNED_GAUSSIAN log_scale in device memory,
// LAPLACE a = log(2 scale) - (log(2 pi) + 1)/2, b = 1/scale, SCALE_MIXTURE a and c = log(weight/scale) of both components,
// b and d = 1/scale², and where the draws come from.
struct Prior {
  int kind;
  float a, b, c, d;
  const float *log_scale;
  int site, samples, antithetic;
  const Run *run;
};

// A learned scale read once.
__device__ __forceinline__ Prior prepared(Prior prior) {
  if (prior.kind == LEARNED_GAUSSIAN) {
    prior.a = *prior.log_scale;
    prior.b = expf(-2 * prior.a);
  }
  return prior;
}

// A weight's part of KL(q || p) and its derivatives; dprior is that in log scale.
struct KlTerm {
  float value, dmu, dlog_sigma, dprior;
};

__device__ __forceinline__ KlTerm kl_gaussian(float log_scale, float precision, float mu, float log_sigma, float sigma) {
  const float variance = sigma * sigma * precision, square = mu * mu * precision;
  return {log_scale - log_sigma + 0.5f * (variance + square) - 0.5f, mu * precision, variance - 1,
          1 - variance - square};
}

__device__ __forceinline__ KlTerm kl_laplace(float constant, float inverse_scale, float mu, float log_sigma, float sigma) {
  // mu/sigma may overflow to infinity: then the density is 0, erf 1 and E|w| = |mu|.
  const float ratio = mu == 0 ? 0 : mu / sigma;
  const float spread = sigma * 0.797884561f * expf(-0.5f * ratio * ratio);  // sqrt(2/pi)
  const float slope = erff(ratio * 0.707106781f);
  return {constant - log_sigma + (spread + mu * slope) * inverse_scale, slope * inverse_scale,
          spread * inverse_scale - 1, 0};
}

// -log p at one draw less the entropy of q, log_sigma + (log(2 pi) + 1)/2.
__device__ __forceinline__ KlTerm kl_mixture(const Prior &p, float mu, float log_sigma, float sigma, float eps) {
  const float w = sampled(sigma, eps, mu), square = w * w;
  const float log1 = fmaf(-0.5f * p.b, square, p.a), log2 = fmaf(-0.5f * p.d, square, p.c);
  const float ratio = expf(-fabsf(log1 - log2));
  const float larger = 1 / (1 + ratio), smaller = ratio * larger;
  const float share1 = log1 < log2 ? smaller : larger, share2 = log1 < log2 ? larger : smaller;
  const float dw = w * (share1 * p.b + share2 * p.d);
  const float log_p = fmaxf(log1, log2) + log1pf(ratio);
  return {-0.5f - log_sigma - log_p, dw, dw * sigma * eps - 1, 0};
}

// The normals of a sample, after those of the one before it: the second of an antithetic pair has the first one's, negated.
// Normals gives those that belong to a noise.
template <class Normals>
__device__ __forceinline__ Quad next_normals(const Quad &before, int sample, const Noise &noise, const Normals &normals) {
  if (sample == 0 || noise.sign > 0) return normals(noise);
  return {{-before.values[0], -before.values[1], -before.values[2], -before.values[3]}};
}

// The mean over samples.
template <class Normals>
__device__ __forceinline__ void kl_mixtures(const Prior &prior, const Quad &mu, const Quad &log_sigma,
                                            const Normals &normals, KlTerm terms[4]) {
  const float share = 1.0f / prior.samples;
#pragma unroll
  for (int e = 0; e < 4; e++) terms[e] = {};
  Quad eps = {};
#pragma unroll 1  // registers are short in the fused update
  for (int s = 0; s < prior.samples; s++) {
    eps = next_normals(eps, s, noise_of(prior.run, prior.site, prior.antithetic, s), normals);
#pragma unroll
    for (int e = 0; e < 4; e++) {
      const float log = log_sigma.values[e];
      const KlTerm one = kl_mixture(prior, mu.values[e], log, sigma_of(log), eps.values[e]);
      terms[e].value += share * one.value;
      terms[e].dmu += share * one.dmu;
      terms[e].dlog_sigma += share * one.dlog_sigma;
    }
  }
}

// The terms of four weights with a prepared prior. Normals gives the eps of the four that belong to a noise.
template <class Normals>
__device__ __forceinline__ void kl_terms(const Prior &prior, const Quad &mu, const Quad &log_sigma,
                                         const Normals &normals, KlTerm terms[4]) {
  if (prior.kind == SCALE_MIXTURE) {
    kl_mixtures(prior, mu, log_sigma, normals, terms);
    return;
  }
#pragma unroll
  for (int e = 0; e < 4; e++) {
    const float m = mu.values[e], log = log_sigma.values[e], sigma = sigma_of(log);
    terms[e] = prior.kind == LAPLACE ? kl_laplace(prior.a, prior.b, m, log, sigma)
                                     : kl_gaussian(prior.a, prior.b, m, log, sigma);
  }
}
