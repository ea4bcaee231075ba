// LatentSample: z = mean + exp(log_sigma) eps for S samples of `each` elements, a draw of its own for every one, at its linear
// index in the sample; and its gradient dmean = dz, dlog_sigma = dz sigma eps, summed over the samples that share mean and
// log_sigma. A thread owns four neighbours, one Philox block a sample. Bytes an element of z: 12 forward, 16 backward; of
// shared ones 4 forward and backward, and 8 or 12 once.
#include "sampled.cuh"

__device__ __forceinline__ Quad latent_normals(const Noise &noise, int block) {
  const float4 eps = normals_of_block(noise, block);
  return {{eps.x, eps.y, eps.z, eps.w}};
}

extern "C" __global__ void __launch_bounds__(256)
    latent_sample(const Run *run, int site, int antithetic, int samples, int each, int shared, const float *mean,
                  const float *log_sigma, float *z) {
  const int blocks = (each + 3) / 4;
  const unsigned thread = blockIdx.x * 256 + threadIdx.x;
  if (thread >= (unsigned)samples * blocks) return;
  const int sample = thread / blocks, block = thread % blocks;
  const Quad eps = latent_normals(Site{run, site, antithetic}.of_sample(sample), block);
  const size_t first = (size_t)sample * each, from = shared ? 0 : first;
#pragma unroll
  for (int e = 0; e < 4; e++) {
    const int i = 4 * block + e;
    if (i < each) z[first + i] = sampled(sigma_of(log_sigma[from + i]), eps.values[e], mean[from + i]);
  }
}

// `summed` samples share their mean and log_sigma: all of them, or 1.
extern "C" __global__ void __launch_bounds__(256)
    latent_sample_backward(const Run *run, int site, int antithetic, int samples, int each, int summed, const float *dz,
                           const float *log_sigma, float *dmean, float *dlog_sigma) {
  const int blocks = (each + 3) / 4;
  const unsigned thread = blockIdx.x * 256 + threadIdx.x;
  if (thread >= (unsigned)(samples / summed) * blocks) return;
  const int own = thread / blocks, block = thread % blocks;
  Quad mean = {}, spread = {};
  for (int s = own; s < own + summed; s++) {
    const Quad eps = latent_normals(Site{run, site, antithetic}.of_sample(s), block);
#pragma unroll
    for (int e = 0; e < 4; e++) {
      const int i = 4 * block + e;
      const float d = i < each ? dz[(size_t)s * each + i] : 0.0f;
      mean.values[e] += d;
      spread.values[e] = fmaf(d, eps.values[e], spread.values[e]);
    }
  }
#pragma unroll
  for (int e = 0; e < 4; e++) {
    const int i = 4 * block + e;
    if (i >= each) continue;
    const size_t at = (size_t)own * each + i;
    dmean[at] = mean.values[e];
    dlog_sigma[at] = sigma_of(log_sigma[at]) * spread.values[e];
  }
}
