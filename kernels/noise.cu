// Philox words and normals by themselves: what tests hold to known answers and to dev.elbo.random. A thread owns one block
// of four words or one pair of normals.
#include "noise.cuh"

// words[i] = philox(counters[i], key), four words each.
extern "C" __global__ void philox_words(int blocks, unsigned key_low, unsigned key_high, const unsigned *counters,
                                        unsigned *words) {
  const int i = blockIdx.x * 256 + threadIdx.x;
  if (i < blocks) {
    const uint4 counter = reinterpret_cast<const uint4 *>(counters)[i];
    reinterpret_cast<uint4 *>(words)[i] = philox(counter, make_uint2(key_low, key_high));
  }
}

// Normals of pairs of words in both forms.
extern "C" __global__ void normal_pairs(int pairs, const unsigned *words, float *exact, float *fast) {
  const int i = blockIdx.x * 256 + threadIdx.x;
  if (i < pairs) {
    const uint2 pair = reinterpret_cast<const uint2 *>(words)[i];
    reinterpret_cast<float2 *>(exact)[i] = normal_pair(pair.x, pair.y);
    reinterpret_cast<float2 *>(fast)[i] = normal_pair_fast(pair.x, pair.y);
  }
}
