// Noise has an address and is never stored: seed, step, site, sample and element give its Philox words. The definitions are
// dev.elbo.random.NoiseAddress and dev.elbo.graph.NoiseSite.
#pragma once
#include "normal.cuh"
#include "philox.cuh"
#include "quad.cuh"
#include "run.cuh"

// The noise of one site, sample and step.
struct Noise {
  uint2 key;
  unsigned z, step;  // the last two words of the counters
  float sign;        // of normals: -1 in the second of an antithetic pair, which has the words of the first
};

// Of a step of its own, for a sample of this run.
__device__ __forceinline__ Noise noise_of_step(const Run *run, unsigned step, int site, int antithetic, int sample) {
  const unsigned number = run->first_sample + sample;
  Noise noise;
  noise.key = make_uint2(run->seed_low, run->seed_high);
  noise.z = (unsigned)site << 16 | (antithetic ? number >> 1 : number);
  noise.step = step;
  noise.sign = antithetic && (number & 1) ? -1.0f : 1.0f;
  return noise;
}

__device__ __forceinline__ Noise noise_of(const Run *run, int site, int antithetic, int sample) {
  return noise_of_step(run, run->step, site, antithetic, sample);
}

// A block of four words in the order of a quad's elements, with the sign.
__device__ __forceinline__ Quad normals_of_words(const Noise &noise, const uint4 &words) {
  const float2 first = normal_pair(words.x, words.y), second = normal_pair(words.z, words.w);
  return {{noise.sign * first.x, noise.sign * first.y, noise.sign * second.x, noise.sign * second.y}};
}

// The normals of a matrix's quad at (row, column). Sizes do not enter: a tile may reach beyond the matrix.
__device__ __forceinline__ Quad normal_quad(const Noise &noise, int row, int column) {
  const unsigned x = (unsigned)column >> 1, y = ((unsigned)row >> 4) * 8 + (row & 7);
  return normals_of_words(noise, philox(make_uint4(x, y, noise.z, noise.step), noise.key));
}

// The words of the linear indices 4 block to 4 block + 3.
__device__ __forceinline__ uint4 linear_words(const Noise &noise, long long block) {
  return philox(make_uint4((unsigned)block, (unsigned)(block >> 32), noise.z, noise.step), noise.key);
}

// Their normals.
__device__ __forceinline__ Quad linear_normals_of_block(const Noise &noise, long long block) {
  return normals_of_words(noise, linear_words(noise, block));
}
