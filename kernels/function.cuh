// Functions of one number and their derivatives, as accurate as float32 allows in both tails; NaN stays NaN.
#pragma once

// In the order of dev.elbo.graph.Function.
enum Function { RELU, GELU, TANH, SOFTPLUS, SIGMOID, EXP, SQUARE, SQRT };

__device__ __forceinline__ float softplus(float x) { return (x < 0 ? 0.0f : x) + log1pf(expf(-fabsf(x))); }

__device__ __forceinline__ float sigmoid(float x) {
  const float e = expf(-fabsf(x));
  return (x >= 0 ? 1.0f : e) / (1.0f + e);
}

// Phi(x) by erfc, which keeps the left tail.
__device__ __forceinline__ float normal_distribution(float x) { return 0.5f * erfcf(-0.70710678f * x); }

__device__ __forceinline__ float normal_density(float x) { return 0.39894228f * expf(-0.5f * x * x); }

__device__ __forceinline__ float value(int function, float x) {
  switch (function) {
    case RELU: return x < 0 ? 0.0f : x;
    case GELU: return x * normal_distribution(x);
    case TANH: return tanhf(x);
    case SOFTPLUS: return softplus(x);
    case SIGMOID: return sigmoid(x);
    case EXP: return expf(x);
    case SQUARE: return x * x;
    default: return sqrtf(x);
  }
}

__device__ __forceinline__ float derivative(int function, float x) {
  switch (function) {
    case RELU: return x > 0 ? 1.0f : 0.0f;
    case GELU: return normal_distribution(x) + x * normal_density(x);
    case TANH: {
      const float e = expf(-2.0f * fabsf(x));  // 1 - tanh² = 4 e / (1 + e)², without the difference
      return 4.0f * e / ((1.0f + e) * (1.0f + e));
    }
    case SOFTPLUS: return sigmoid(x);
    case SIGMOID: return sigmoid(x) * sigmoid(-x);
    case EXP: return expf(x);
    case SQUARE: return 2.0f * x;
    default: return 0.5f / sqrtf(x);
  }
}
