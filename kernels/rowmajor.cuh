// Noise that is drawn linearly, at the row-major index of an element: a quad of it for a matrix of so many columns.
// A Philox block serves four neighbours of a row; a pair of an odd index takes parts of two normal pairs or two blocks.
#pragma once
#include "noise.cuh"
#include "quad.cuh"

__device__ __forceinline__ float2 linear_normals(const Noise &noise, unsigned index) {
  const bool high = index & 2;
  uint4 words = linear_words(noise, index >> 2);
  const float2 here = normal_pair(high ? words.z : words.x, high ? words.w : words.y);
  if (index % 2 == 0) return here;
  if (high) words = linear_words(noise, (index >> 2) + 1);
  const float2 next = normal_pair(high ? words.x : words.z, high ? words.y : words.w);
  return make_float2(here.y, next.x);
}

__device__ __forceinline__ Quad linear_normal_quad(const Noise &noise, int row, int column, int columns) {
  Quad quad;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    const float2 pair = linear_normals(noise, index_of(row + 8 * half, column, columns));
    quad.values[2 * half] = noise.sign * pair.x;
    quad.values[2 * half + 1] = noise.sign * pair.y;
  }
  return quad;
}

__device__ __forceinline__ float flipped(float value, unsigned bits) {
  return __uint_as_float(__float_as_uint(value) ^ (bits & 0x80000000u));
}

// The quad times the random signs at its elements: the top bits of their words.
__device__ __forceinline__ Quad with_signs(const Noise &noise, int row, int column, int columns, const Quad &of) {
  Quad quad;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    const unsigned index = index_of(row + 8 * half, column, columns);
    const int word = index & 3;
    const uint4 words = linear_words(noise, index >> 2);
    const unsigned first = word == 0 ? words.x : word == 1 ? words.y : word == 2 ? words.z : words.w;
    const unsigned second = word == 0   ? words.y
                            : word == 1 ? words.z
                            : word == 2 ? words.w
                                        : linear_words(noise, (index >> 2) + 1).x;
    quad.values[2 * half] = flipped(of.values[2 * half], first);
    quad.values[2 * half + 1] = flipped(of.values[2 * half + 1], second);
  }
  return quad;
}
