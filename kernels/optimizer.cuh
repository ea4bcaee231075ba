// One parameter's step of each optimizer (dev.elbo.graph.StepRule). Averages decay by 1 - beta, which float32 holds better
// than beta; rate and bias corrections come from device memory, so that a captured graph needs no patching.
#pragma once
#include "ptx.cuh"
#include "run.cuh"

// 1 - beta^step, with decay = 1 - beta.
__device__ __forceinline__ float bias_correction(float decay, unsigned step) {
  return -expm1f((float)step * log1pf(-decay));
}

__device__ __forceinline__ float averaged(float average, float value, float decay) {
  return fmaf(decay, value, (1 - decay) * average);
}

struct Adam {
  float decay1, decay2, epsilon;
  float rate, inverse;  // rate / (1 - beta1^t), 1 / (1 - beta2^t)

  __device__ __forceinline__ Adam(float decay1, float decay2, float epsilon, float rate, unsigned step)
      : decay1(decay1), decay2(decay2), epsilon(epsilon), rate(rate / bias_correction(decay1, step)),
        inverse(1 / bias_correction(decay2, step)) {}

  __device__ __forceinline__ void step(float &parameter, float gradient, float &m, float &v) const {
    m = averaged(m, gradient, decay1);
    v = averaged(v, gradient * gradient, decay2);
    parameter -= approx_divide(rate * m, approx_sqrt(v * inverse) + epsilon);
  }
};

struct Sgd {
  float momentum, rate;

  __device__ __forceinline__ void step(float &parameter, float gradient, float &velocity) const {
    velocity = fmaf(momentum, velocity, gradient);
    parameter = fmaf(-rate, velocity, parameter);
  }
};

struct Ivon {
  float decay1, decay2, ess, delta, clip;
  float rate, inverse;  // rate (hessianInit + delta), 1 / (1 - beta1^t)

  __device__ __forceinline__ Ivon(float decay1, float decay2, float ess, float delta, float scale, float clip, float rate,
                                  unsigned step)
      : decay1(decay1), decay2(decay2), ess(ess), delta(delta), clip(clip), rate(rate * scale),
        inverse(1 / bias_correction(decay1, step)) {}

  __device__ __forceinline__ void step(float &mu, float &log_sigma, float dmu, float dlog_sigma, float &g, float &h) const {
    const float estimate = dlog_sigma * expf(-2 * log_sigma), difference = decay2 * (h - estimate);
    g = averaged(g, dmu, decay1);
    h = averaged(h, estimate, decay2) + difference * difference / (2 * (h + delta));
    const float curvature = h + delta, change = fmaf(delta, mu, g * inverse) / curvature;
    mu -= rate * fmaxf(-clip, fminf(clip, change));
    log_sigma = -0.5f * logf(ess * curvature);
  }
};
