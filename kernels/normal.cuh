// Box-Muller: of two words a and b the normals r cos(theta) and r sin(theta), with r = sqrt(-2 ln((a + 1/2) 2^-32)) and
// theta = 2 pi b 2^-32.
//
// The exact form uses correctly rounded operations only, in the order of dev.elbo.device.cpu.VectorNoiseBoxMuller, so that a
// card and the CPU draw the same bits; it is within 1e-6 of double precision. The fast form is for measurements of what the
// exact one costs.
#pragma once
#include "ptx.cuh"

// Rounded by itself: the compiler must not fuse it with a neighbour.
__device__ __forceinline__ float multiply_add_rounded(float x, float y, float z) { return __fadd_rn(__fmul_rn(x, y), z); }

// The radius of a word. Converted as a signed number, a gives u below 1/2 and u - 1 above: near 1 the logarithm needs u - 1
// itself, which u in float32 has rounded away. Below 1/2, u = 2^e (1 + f); above, e = 0 and f = u - 1; so f is in [-1/2, 0),
// where the minimax polynomial -2 ln(1 + f) has a relative error below 2e-7.
__device__ __forceinline__ float radius(unsigned a) {
  const float v = multiply_add_rounded((float)(int)a, 0x1p-32f, 0x1p-33f);
  const bool upper = v < 0;
  const unsigned bits = __float_as_uint(v);
  const float e = upper ? 0.0f : (float)((int)(bits >> 23) - 126);
  const float f = upper ? v : __fadd_rn(__uint_as_float((bits & 0x007FFFFFu) | 0x3F000000u), -1.0f);
  float p = multiply_add_rounded(f, 2.369865f, 2.1630838f);
  p = fmaf(p, f, 1.5708646f);
  p = fmaf(p, f, -0.07603525f);
  p = fmaf(p, f, 0.54450125f);
  p = fmaf(p, f, -0.66372526f);
  p = fmaf(p, f, 1.0000731f);
  p = fmaf(p, f, -1.9999998f);
  return __fsqrt_rn(__fadd_rn(__fmul_rn(e, -1.3862944f), __fmul_rn(p, f)));
}

// The exact form. The polynomials take theta or theta plus half a turn, whichever is in [-pi/2, pi/2): half a turn off, the
// radius changes its sign, in the quadrants where the top two bits of b differ.
__device__ __forceinline__ float2 normal_pair(unsigned a, unsigned b) {
  const float r = __uint_as_float(__float_as_uint(radius(a)) ^ ((b << 1 ^ b) & 0x80000000u));
  const float angle = __fmul_rn((float)(int)(b << 1), 3.14159265f * 0x1p-32f);
  const float y = __fmul_rn(angle, angle);
  float cosine = multiply_add_rounded(y, 2.3153932e-05f, -0.0013853704f);
  cosine = fmaf(cosine, y, 0.041663583f);
  cosine = fmaf(cosine, y, -0.49999905f);
  cosine = fmaf(cosine, y, 0.99999994f);
  float sine = multiply_add_rounded(y, 2.5905113e-06f, -0.00019800912f);
  sine = fmaf(sine, y, 0.0083329f);
  sine = fmaf(sine, y, -0.16666648f);
  sine = fmaf(sine, y, 1.0f);
  return make_float2(__fmul_rn(cosine, r), __fmul_rn(__fmul_rn(sine, angle), r));
}

// The fast form, on the special function unit: within 6.4e-6 of double precision when every approximation is off by as much
// as its documentation allows.
__device__ __forceinline__ float2 normal_pair_fast(unsigned a, unsigned b) {
  const float v = fmaf((float)(int)a, 0x1p-32f, 0x1p-33f);
  // Near 1 the approximate logarithm has no right digit, its error being absolute; there the series has them all.
  const float series = v * fmaf(v, fmaf(v, -2 / 3.0f, 1.0f), -2.0f);
  const float logarithm = -1.3862944f * approx_log2(v < 0 ? 1 + v : v);
  const float r = approx_sqrt(v < 0 && v > -0x1p-8f ? series : logarithm);
  const float angle = (float)(int)b * (6.2831853f * 0x1p-32f);
  return make_float2(r * approx_cos(angle), r * approx_sin(angle));
}
