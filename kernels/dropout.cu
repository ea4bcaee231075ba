// Dropout: y = x mask / (1 - p) for S samples of `each` elements; an element is dropped where the 32 bits at its linear index
// are below the threshold p 2^32. The mask is drawn, never stored, forward and backward alike.
// A thread owns four neighbours of a sample, one Philox block. Bytes an element: 8.
#include "sampled.cuh"

extern "C" __global__ void __launch_bounds__(256)
    dropout(const Run *run, int site, int antithetic, int samples, int each, int threshold, float kept, const float *x,
            float *y) {
  const int blocks = (each + 3) / 4;
  const unsigned thread = blockIdx.x * 256 + threadIdx.x;
  if (thread >= (unsigned)samples * blocks) return;
  const int sample = thread / blocks, block = thread % blocks;
  const uint4 words = linear_words(Site{run, site, antithetic}.of_sample(sample), block);
  const unsigned bits[4] = {words.x, words.y, words.z, words.w};
  const size_t first = (size_t)sample * each;
#pragma unroll
  for (int e = 0; e < 4; e++) {
    const int i = 4 * block + e;
    if (i < each) y[first + i] = bits[e] < (unsigned)threshold ? 0.0f : kept * x[first + i];
  }
}
