// The posterior of a weight: q = Normal(mu, sigma²), sigma = exp(log_sigma), W = mu + sigma eps. No other file knows it.
#pragma once

// sigma to float32 rounding (2 ulp), which the fast exponential is not.
__device__ __forceinline__ float sigma_of(float log_sigma) { return expf(log_sigma); }

// Rounded once, and to the operand's type afterwards: W has the same bits in every kernel that makes it.
__device__ __forceinline__ float sampled(float sigma, float eps, float mu) { return fmaf(sigma, eps, mu); }
