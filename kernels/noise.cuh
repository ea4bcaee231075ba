// Noise by address, as dev.elbo.random.NoiseAddress lays it out: counter (x, y, site << 16 | sample, step), key the seed.
#pragma once
#include "normal.cuh"
#include "philox.cuh"
#include "quad.cuh"
#include "run.cuh"

// The noise of one site and sample. Samples of an antithetic pair share an address, and the second one's sign is -1.
struct Noise {
  uint2 key;
  unsigned z, step;
  float sign;
};

// Of a sample of this run, from 0, at this run's step or `later` steps after it.
__device__ __forceinline__ Noise noise_of(const Run *run, int site, int antithetic, int sample, unsigned later = 0) {
  const unsigned number = run->first_sample + sample;
  Noise noise;
  noise.key = make_uint2(run->seed_low, run->seed_high);
  noise.z = (unsigned)site << 16 | (antithetic ? number >> 1 : number);
  noise.step = run->step + later;
  noise.sign = antithetic && (number & 1) ? -1.0f : 1.0f;
  return noise;
}

// The matrix layout: the normals of the quad at (row, column), row % 16 < 8 and column even.
__device__ __forceinline__ Quad normal_quad(const Noise &noise, int row, int column) {
  const uint4 words =
      philox(make_uint4((unsigned)column >> 1, (unsigned)(row >> 4) * 8 + (row & 7), noise.z, noise.step), noise.key);
  const float2 upper = normal_pair(words.x, words.y), lower = normal_pair(words.z, words.w);
  return {{noise.sign * upper.x, noise.sign * upper.y, noise.sign * lower.x, noise.sign * lower.y}};
}

// The linear layout: the words of the elements 4 block .. 4 block + 3.
__device__ __forceinline__ uint4 linear_words(const Noise &noise, long long block) {
  return philox(make_uint4((unsigned)block, (unsigned)(block >> 32), noise.z, noise.step), noise.key);
}

// The linear layout: the normals of those elements.
__device__ __forceinline__ float4 normals_of_block(const Noise &noise, long long block) {
  const uint4 words = linear_words(noise, block);
  const float2 first = normal_pair(words.x, words.y), second = normal_pair(words.z, words.w);
  return make_float4(noise.sign * first.x, noise.sign * first.y, noise.sign * second.x, noise.sign * second.y);
}

// The linear layout: the normal of one element.
__device__ __forceinline__ float linear_normal(const Noise &noise, long long index) {
  const uint4 words = linear_words(noise, index >> 2);
  const float2 pair = index & 2 ? normal_pair(words.z, words.w) : normal_pair(words.x, words.y);
  return noise.sign * (index & 1 ? pair.y : pair.x);
}
