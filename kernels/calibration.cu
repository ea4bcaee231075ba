// How fast a card draws normals: every thread draws `quads` times four of an address of its own, adds them up and writes the
// sum, so that no draw can be left out and almost no byte moves. In the exact form, which the product uses, and in the fast.
#include "noise.cuh"

__device__ __forceinline__ float2 normals(bool exact, unsigned a, unsigned b) {
  return exact ? normal_pair(a, b) : normal_pair_fast(a, b);
}

__device__ __forceinline__ void sum_of_normals(const Run *run, int quads, float *sums, bool exact) {
  const long long thread = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  const Noise noise = noise_of(run, 0, 0, 0);
  float sum = 0.0f;
  for (int i = 0; i < quads; i++) {
    const uint4 words = linear_words(noise, thread * quads + i);
    const float2 first = normals(exact, words.x, words.y), second = normals(exact, words.z, words.w);
    sum += (first.x + first.y) + (second.x + second.y);
  }
  sums[thread] = sum;
}

extern "C" __global__ void __launch_bounds__(256) normals_exact(const Run *run, int quads, float *sums) {
  sum_of_normals(run, quads, sums, true);
}

extern "C" __global__ void __launch_bounds__(256) normals_fast(const Run *run, int quads, float *sums) {
  sum_of_normals(run, quads, sums, false);
}
