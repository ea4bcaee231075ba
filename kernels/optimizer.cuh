// One parameter's step of each optimizer (dev.elbo.graph.StepRule). Averages decay by 1 - beta, which float32 holds better
// than beta; rate and step come from device memory, so that a captured graph needs no patching.
#pragma once
#include "ptx.cuh"

// In the order of dev.elbo.device.cuda.RuleArguments. IVON_FOLLOWING is IVON whose log_sigma need not be in memory.
enum RuleKind { ADAM, SGD, IVON, IVON_FOLLOWING };

// A rule's numbers, with decay = 1 - beta: ADAM decay1, decay2, epsilon; SGD momentum; IVON decay1, decay2, the effective
// sample size, the weight decay delta, hessianInit + delta, the clip radius.
struct StepRule {
  int kind;
  float a, b, c, d, e, f;
  float rate;     // of the parameter: ADAM rate / (1 - beta1^t), IVON rate (hessianInit + delta)
  float inverse;  // the other bias correction: ADAM 1 / (1 - beta2^t), IVON 1 / (1 - beta1^t)
};

// 1 - beta^step.
__device__ __forceinline__ float bias_correction(float decay, unsigned step) {
  return -expm1f((float)step * log1pf(-decay));
}

// With what changes from step to step.
__device__ __forceinline__ StepRule prepared(StepRule rule, float rate, unsigned step) {
  rule.rate = rate;
  if (rule.kind == ADAM) {
    rule.rate = rate / bias_correction(rule.a, step);
    rule.inverse = 1 / bias_correction(rule.b, step);
  } else if (rule.kind == IVON) {
    rule.rate = rate * rule.e;
    rule.inverse = 1 / bias_correction(rule.a, step);
  }
  return rule;
}

__device__ __forceinline__ float averaged(float average, float value, float decay) {
  return fmaf(decay, value, (1 - decay) * average);
}

__device__ __forceinline__ void adam(const StepRule &rule, float &parameter, float gradient, float &m, float &v) {
  m = averaged(m, gradient, rule.a);
  v = averaged(v, gradient * gradient, rule.b);
  parameter -= approx_divide(rule.rate * m, approx_sqrt(v * rule.inverse) + rule.c);
}

__device__ __forceinline__ void sgd(const StepRule &rule, float &parameter, float gradient, float &velocity) {
  velocity = fmaf(rule.a, velocity, gradient);
  parameter = fmaf(-rule.rate, velocity, parameter);
}

// The log_sigma that belongs to a Hessian: the same bits wherever it is asked for.
__device__ __forceinline__ float ivon_log_sigma(float ess, float delta, float h) { return -0.5f * logf(ess * (h + delta)); }

__device__ __forceinline__ void ivon(const StepRule &rule, float &mu, float &log_sigma, float dmu, float dlog_sigma,
                                     float &g, float &h) {
  const float delta = rule.d;
  const float estimate = dlog_sigma * expf(-2 * log_sigma), difference = rule.b * (h - estimate);
  g = averaged(g, dmu, rule.a);
  h = averaged(h, estimate, rule.b) + difference * difference / (2 * (h + delta));
  const float change = fmaf(delta, mu, g * rule.inverse) / (h + delta);
  mu -= rule.rate * fmaxf(-rule.f, fminf(rule.f, change));
  log_sigma = ivon_log_sigma(rule.c, delta, h);
}
