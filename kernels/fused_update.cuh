// What follows the gradient of the data term in the fused update: divergence, optimizer step and the next weights, of four
// weights at a time.
#pragma once
#include "four_weights.cuh"
#include "optimizer.cuh"
#include "reduce.cuh"
#include "sampled.cuh"
#include "weight.cuh"

// The posterior, the optimizer's state (ADAM m and v of mu, then of log_sigma; SGD both velocities; IVON g and h) and what
// steps them.
struct Posterior {
  float *mu, *log_sigma, *state0, *state1, *state2, *state3;
  const float *upstream;  // the gradient of the divergence
  StepRule rule;
  Prior prior;
  bool stepping;
  bool following;  // log_sigma is what belongs to IVON's Hessian, and is neither read nor written
};

// What a thread has of the divergence, and of its gradient in the prior's log scale.
struct DivergenceSums {
  float value, dprior;
};

__device__ __forceinline__ Posterior posterior_of(const Run *run, const float *guard, const float *rate,
                                                  const float *upstream, float *mu, float *log_sigma, float *state0,
                                                  float *state1, float *state2, float *state3, const StepRule &rule,
                                                  const Prior &prior) {
  return {mu, log_sigma, state0, state1, state2, state3, upstream, prepared(rule, *rate, run->step), prepared(prior),
          (bool)isfinite(*guard), false};
}

// The same where scales may follow: of weights that are kept from step to step.
__device__ __forceinline__ Posterior kept_posterior_of(const Run *run, const float *guard, const float *rate,
                                                       const float *upstream, float *mu, float *log_sigma, float *state0,
                                                       float *state1, float *state2, float *state3, StepRule rule,
                                                       const Prior &prior) {
  const bool may_follow = rule.kind == IVON_FOLLOWING;
  if (may_follow) rule.kind = IVON;
  Posterior q = posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule, prior);
  q.following = may_follow && run->scales_follow;
  return q;
}

__device__ __forceinline__ Quad log_sigma_of(const Posterior &q, const FourWeights &four) {
  if (!q.following) return four.load(q.log_sigma);
  Quad values = four.load(q.state1);
#pragma unroll
  for (int e = 0; e < 4; e++) values.values[e] = ivon_log_sigma(q.rule.c, q.rule.d, values.values[e]);
  return values;
}

// Steps on four parameters of one tensor.
__device__ __forceinline__ void step(const StepRule &rule, const FourWeights &four, Quad &parameter, const Quad &gradient,
                                     float *first, float *second) {
  Quad m = four.load(first);
  if (rule.kind == ADAM) {
    Quad v = four.load(second);
#pragma unroll
    for (int e = 0; e < 4; e++) adam(rule, parameter.values[e], gradient.values[e], m.values[e], v.values[e]);
    four.store(second, v);
  } else {
#pragma unroll
    for (int e = 0; e < 4; e++) sgd(rule, parameter.values[e], gradient.values[e], m.values[e]);
  }
  four.store(first, m);
}

__device__ __forceinline__ void step_ivon(const Posterior &q, const FourWeights &four, Quad &mu, Quad &log_sigma,
                                          const Quad &dmu, const Quad &dlog_sigma) {
  Quad g = four.load(q.state0), h = four.load(q.state1);
#pragma unroll
  for (int e = 0; e < 4; e++) {
    ivon(q.rule, mu.values[e], log_sigma.values[e], dmu.values[e], dlog_sigma.values[e], g.values[e], h.values[e]);
  }
  four.store(q.state0, g);
  four.store(q.state1, h);
}

// Adds up the divergence of four weights, and its gradient to that of the data term. With IVON the prior acts through the
// weight decay, and the divergence is only reported.
__device__ __forceinline__ void add_divergence(const Posterior &q, const FourWeights &four, const Quad &mu,
                                               const Quad &log_sigma, Quad &dmu, Quad &dlog_sigma, DivergenceSums &sums) {
  KlTerm terms[4];
  kl_terms(q.prior, mu, log_sigma, [&](const Noise &noise) { return four.normals(noise); }, terms);
  const float upstream = q.rule.kind == IVON ? 0 : *q.upstream;
#pragma unroll
  for (int e = 0; e < 4; e++) {
    sums.value += four.has(e) ? terms[e].value : 0;
    sums.dprior += four.has(e) ? terms[e].dprior : 0;
    dmu.values[e] = fmaf(upstream, terms[e].dmu, dmu.values[e]);
    dlog_sigma.values[e] = fmaf(upstream, terms[e].dlog_sigma, dlog_sigma.values[e]);
  }
}

// Updates four weights from the gradients of the data term, of which Gradient says what the spread is. In the place of the
// gradients it leaves mu and log_sigma as they are afterwards.
template <class Gradient>
__device__ __forceinline__ void update(const Posterior &q, const FourWeights &four, Quad &dmu, Quad &dspread,
                                       DivergenceSums &sums) {
  Quad mu = four.load(q.mu), log_sigma = log_sigma_of(q, four);
#pragma unroll
  for (int e = 0; e < 4; e++) {
    dspread.values[e] = Gradient::of_log_sigma(dspread.values[e], sigma_of(log_sigma.values[e]));
  }
  add_divergence(q, four, mu, log_sigma, dmu, dspread, sums);
  if (q.stepping) {
    if (q.rule.kind == IVON) {
      step_ivon(q, four, mu, log_sigma, dmu, dspread);
    } else {
      step(q.rule, four, mu, dmu, q.state0, q.state1);
      step(q.rule, four, log_sigma, dspread, q.rule.kind == ADAM ? q.state2 : q.state1, q.state3);
    }
    four.store(q.mu, mu);
    if (!q.following) four.store(q.log_sigma, log_sigma);
  }
  dmu = mu;
  dspread = log_sigma;
}

// W of the next step at the same samples, in the operands' type [S*N, K].
template <class Operand>
__device__ __forceinline__ void draw_next(const FourWeights &four, const Site &site, int samples, const Quad &mu,
                                          const Quad &log_sigma, Operand *w) {
  const Quad sigma = {{sigma_of(log_sigma.values[0]), sigma_of(log_sigma.values[1]), sigma_of(log_sigma.values[2]),
                       sigma_of(log_sigma.values[3])}};
  Quad eps = {};
#pragma unroll 1  // registers are short
  for (int s = 0; s < samples; s++) {
    eps = next_normals(eps, s, noise_of(site.run, site.site, site.antithetic, s, 1),
                       [&](const Noise &noise) { return normal_quad(noise, four.row, four.column); });
    Quad next;
#pragma unroll
    for (int e = 0; e < 4; e++) next.values[e] = sampled(sigma.values[e], eps.values[e], mu.values[e]);
    store_operand(w + (size_t)s * four.rows * four.columns, four.rows, four.columns, four.row, four.column, next);
  }
}

// The first stage of the sums; divergence_total (divergence.cu) is the second.
__device__ __forceinline__ void store_sums(const DivergenceSums &mine, double *sums) {
  const double value = block_sum((double)mine.value), dprior = block_sum((double)mine.dprior);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = value;
    sums[gridDim.x + blockIdx.x] = dprior;
  }
}
