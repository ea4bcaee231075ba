// What library calls leave over in the unfused step that bench/ compares with: weights from noise that lies in memory,
// operands rounded to bfloat16, and the gradient of (mu, log_sigma) from that of the weights. A thread owns one element and
// all its samples; eps and W are [S, count], read and written once: 8 + 4 S bytes in and 4 S (bfloat16: 2 S) out a weight.
#include "ptx.cuh"

__device__ __forceinline__ long long element_of_thread() {
  return static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
}

// One float as bfloat16, rounded to nearest even.
__device__ __forceinline__ unsigned short to_bf16(float x) {
  return static_cast<unsigned short>(pack_bf16(x, 0.0f) & 0xffffu);
}

extern "C" __global__ void __launch_bounds__(256)
    unfused_weight_f32(long long count, int samples, const float *mu, const float *log_sigma, const float *eps, float *w) {
  const long long i = element_of_thread();
  if (i >= count) {
    return;
  }
  const float sigma = expf(log_sigma[i]);
  for (int s = 0; s < samples; s++) {
    w[s * count + i] = fmaf(sigma, eps[s * count + i], mu[i]);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    unfused_weight_bf16(long long count, int samples, const float *mu, const float *log_sigma, const float *eps,
                        unsigned short *w) {
  const long long i = element_of_thread();
  if (i >= count) {
    return;
  }
  const float sigma = expf(log_sigma[i]);
  for (int s = 0; s < samples; s++) {
    w[s * count + i] = to_bf16(fmaf(sigma, eps[s * count + i], mu[i]));
  }
}

extern "C" __global__ void __launch_bounds__(256) unfused_round_bf16(long long count, const float *x, unsigned short *y) {
  const long long i = element_of_thread();
  if (i < count) {
    y[i] = to_bf16(x[i]);
  }
}

// dmu = sum_s dw_s, dlog_sigma = sigma sum_s dw_s eps_s
extern "C" __global__ void __launch_bounds__(256)
    unfused_gradient(long long count, int samples, const float *log_sigma, const float *eps, const float *dw, float *dmu,
                     float *dlog_sigma) {
  const long long i = element_of_thread();
  if (i >= count) {
    return;
  }
  float mean = 0.0f;
  float deviation = 0.0f;
  for (int s = 0; s < samples; s++) {
    const float g = dw[s * count + i];
    mean += g;
    deviation = fmaf(g, eps[s * count + i], deviation);
  }
  dmu[i] = mean;
  dlog_sigma[i] = expf(log_sigma[i]) * deviation;
}
