// Log-densities of one target and their derivatives with respect to the network's output and to log_scale.
#pragma once

struct Slope {
  float output, log_scale;
};

struct Bernoulli {
  // y output - softplus(output), without the difference of large numbers
  __device__ __forceinline__ float value(float output, float, float y) const {
    return (output < 0 ? y : y - 1.0f) * output - log1pf(expf(-fabsf(output)));
  }
  // y - sigmoid(output), likewise
  __device__ __forceinline__ Slope slope(float output, float, float y) const {
    const float e = expf(-fabsf(output)), tail = e / (1.0f + e);
    return {output < 0 ? y - tail : y - 1.0f + tail, 0};
  }
};

struct Gaussian {
  __device__ __forceinline__ float value(float output, float log_scale, float y) const {
    const float z = (y - output) * expf(-log_scale);
    return -0.5f * z * z - log_scale - 0.91893853f;  // log(2 pi)/2
  }
  __device__ __forceinline__ Slope slope(float output, float log_scale, float y) const {
    const float inverse = expf(-log_scale), z = (y - output) * inverse;
    return {z * inverse, z * z - 1.0f};
  }
};

struct StudentT {
  float nu;              // degrees of freedom
  float log_normalizer;  // of scale 1

  __device__ __forceinline__ float value(float output, float log_scale, float y) const {
    const float z = (y - output) * expf(-log_scale);
    return log_normalizer - log_scale - 0.5f * (nu + 1.0f) * log1pf(z * z / nu);
  }
  __device__ __forceinline__ Slope slope(float output, float log_scale, float y) const {
    const float inverse = expf(-log_scale), z = (y - output) * inverse;
    const float weight = (nu + 1.0f) / (nu + z * z);
    return {weight * z * inverse, weight * z * z - 1.0f};
  }
};

struct Poisson {
  // In double precision: of large counts the three terms are large and their sum is not.
  __device__ __forceinline__ float value(float output, float, float y) const {
    const double log_rate = output;
    return (float)(y * log_rate - exp(log_rate) - lgamma(y + 1.0));
  }
  __device__ __forceinline__ Slope slope(float output, float, float y) const { return {y - expf(output), 0}; }
};
