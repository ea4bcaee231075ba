// Box-Muller (1958): two words give two standard normals, r cos(theta) and r sin(theta) with r = sqrt(-2 ln u),
// u = (a + 1/2) 2^-32 and theta = 2 pi b 2^-32. dev.elbo.random.Noise is the definition, in double precision.
#pragma once
#include "ptx.cuh"

// u below 1/2, u - 1 above: a is converted as a signed number, since near 1 the logarithm needs the digits of 1 - u that a
// float of u has rounded away.
__device__ __forceinline__ float centered_uniform(unsigned a) { return fmaf((float)(int)a, 0x1p-32f, 0x1p-33f); }

// Within 1e-5 of the definition: 1.6e-6 measured with exact functions in the place of the approximations, 6.4e-6 with ones
// that are off by as much as their documentation allows.
__device__ __forceinline__ float2 normal_pair(unsigned a, unsigned b) {
  const float c = centered_uniform(a);
  // The approximate logarithm has an absolute error: no digit of it is right near 1, where the series has them all.
  const bool near1 = c < 0 && c > -0x1p-8f;
  const float series = c * fmaf(c, fmaf(c, -2 / 3.0f, 1.0f), -2.0f);
  const float logarithm = -1.38629436f * approx_log2(c < 0 ? 1 + c : c);
  const float r = approx_sqrt(near1 ? series : logarithm);
  // As a signed number b gives the same angle in [-pi, pi), where the approximations are best.
  const float theta = (float)(int)b * 1.46291808e-9f;
  return make_float2(r * approx_cos(theta), r * approx_sin(theta));
}

// Within a few float32 roundings of the definition, at three times the instructions; what normal_pair is measured with.
__device__ __forceinline__ float2 exact_normal_pair(unsigned a, unsigned b) {
  const float c = centered_uniform(a);
  const float r = sqrtf(-2 * (c < 0 ? log1pf(c) : logf(c)));
  float sine, cosine;
  sincospif((float)(int)b * 0x1p-31f, &sine, &cosine);
  return make_float2(r * cosine, r * sine);
}
