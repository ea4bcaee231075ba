// The twins of ptx.cuh: the same names, for the CPU.
#pragma once
#include <cmath>
#include <cstring>

inline float approx_log2(float x) { return log2f(x); }
inline float approx_exp2(float x) { return exp2f(x); }
inline float approx_sin(float x) { return sinf(x); }
inline float approx_cos(float x) { return cosf(x); }
inline float approx_sqrt(float x) { return sqrtf(x); }
inline float approx_divide(float dividend, float divisor) { return dividend / divisor; }

// A float as bfloat16, rounded to nearest even; one NaN stands for all.
inline unsigned bf16_of(float value) {
  unsigned bits;
  memcpy(&bits, &value, sizeof bits);
  return value != value ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

inline unsigned pack_bf16(float low, float high) { return bf16_of(low) | bf16_of(high) << 16; }

void mma_bf16(float d[4], const unsigned a[4], const unsigned b[2]);

void ldmatrix_x4(unsigned matrices[4], const void *row);
void ldmatrix_x4_trans(unsigned matrices[4], const void *row);
void ldmatrix_x2(unsigned matrices[2], const void *row);
void ldmatrix_x2_trans(unsigned matrices[2], const void *row);

namespace cuda_emulation {
void copy_async(void *shared, const void *global, int bytes, bool valid);
void copy_async_wait(unsigned groups);
}  // namespace cuda_emulation

inline void copy_async_4(void *shared, const void *global, bool valid) {
  cuda_emulation::copy_async(shared, global, 4, valid);
}
inline void copy_async_8(void *shared, const void *global, bool valid) {
  cuda_emulation::copy_async(shared, global, 8, valid);
}
inline void copy_async_16(void *shared, const void *global, bool valid) {
  cuda_emulation::copy_async(shared, global, 16, valid);
}
void copy_async_commit();
template <int groups>
void copy_async_wait() {
  cuda_emulation::copy_async_wait(groups);
}
