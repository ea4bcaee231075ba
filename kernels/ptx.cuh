// The instructions that C++ has no words for, by name. kernels/emulation/ptx.h has their twins for the CPU; no other file
// of the kernels knows which of the two it is compiled with.
#pragma once

#ifdef CUDA_EMULATION
#include "emulation/ptx.h"
#else

// The special function unit's approximations; subnormal arguments and results are 0. Of PTX's documentation: log2 to 2^-22
// absolute for arguments in (0.5, 2), else 2^-22 relative; exp2 to 2 ulp; sine and cosine to 2^-20.5 absolute in
// [-pi, pi]; the square root and the quotient to 1 and 2 ulp.
__device__ __forceinline__ float approx_log2(float x) {
  float result;
  asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

__device__ __forceinline__ float approx_exp2(float x) {
  float result;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

__device__ __forceinline__ float approx_sin(float x) {
  float result;
  asm("sin.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

__device__ __forceinline__ float approx_cos(float x) {
  float result;
  asm("cos.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

__device__ __forceinline__ float approx_sqrt(float x) {
  float result;
  asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

__device__ __forceinline__ float approx_divide(float dividend, float divisor) {
  float result;
  asm("div.approx.ftz.f32 %0, %1, %2;" : "=f"(result) : "f"(dividend), "f"(divisor));
  return result;
}

// Two floats as bfloat16, rounded to nearest even; `low` in the lower half, which is the first of the two in memory.
__device__ __forceinline__ unsigned pack_bf16(float low, float high) {
  unsigned result;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(result) : "f"(high), "f"(low));
  return result;
}

// d += a b on the tensor cores, by a whole warp: a is 16 x 16, b 16 x 8, d 16 x 8. With g = lane / 4 and t = 2 (lane % 4), a
// lane holds of a rows {g, g + 8, g, g + 8} at columns {t, t, t + 8, t + 8} and the next, of b rows {t, t + 8} and the next
// at column g, of d row g at columns {t, t + 1} and row g + 8 at the same.
__device__ __forceinline__ void mma_bf16(float d[4], const unsigned a[4], const unsigned b[2]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
               "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// Four 8 x 8 matrices of 16-bit values from shared memory, by a whole warp: lane l gives the address, a multiple of 16, of
// row l % 8 of matrix l / 8, and gets of each matrix row l / 4, columns 2 (l % 4) and the next; of its transpose with _trans.
__device__ __forceinline__ void ldmatrix_x4(unsigned matrices[4], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(matrices[0]), "=r"(matrices[1]), "=r"(matrices[2]), "=r"(matrices[3])
               : "r"((unsigned)__cvta_generic_to_shared(row))
               : "memory");
}

__device__ __forceinline__ void ldmatrix_x4_trans(unsigned matrices[4], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(matrices[0]), "=r"(matrices[1]), "=r"(matrices[2]), "=r"(matrices[3])
               : "r"((unsigned)__cvta_generic_to_shared(row))
               : "memory");
}

// Two matrices, of the addresses of lanes 0 to 15.
__device__ __forceinline__ void ldmatrix_x2(unsigned matrices[2], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
               : "=r"(matrices[0]), "=r"(matrices[1])
               : "r"((unsigned)__cvta_generic_to_shared(row))
               : "memory");
}

__device__ __forceinline__ void ldmatrix_x2_trans(unsigned matrices[2], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
               : "=r"(matrices[0]), "=r"(matrices[1])
               : "r"((unsigned)__cvta_generic_to_shared(row))
               : "memory");
}

// Starts a copy of that many bytes, aligned to as many, from global to shared memory; writes zeros, and reads nothing,
// where not valid. It is done for this thread after copy_async_wait, for the block after a barrier that follows.
__device__ __forceinline__ void copy_async_4(void *shared, const void *global, bool valid) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"((unsigned)__cvta_generic_to_shared(shared)),
               "l"(__cvta_generic_to_global(global)), "r"(valid ? 4 : 0)
               : "memory");
}

__device__ __forceinline__ void copy_async_8(void *shared, const void *global, bool valid) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 8, %2;" ::"r"((unsigned)__cvta_generic_to_shared(shared)),
               "l"(__cvta_generic_to_global(global)), "r"(valid ? 8 : 0)
               : "memory");
}

__device__ __forceinline__ void copy_async_16(void *shared, const void *global, bool valid) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"((unsigned)__cvta_generic_to_shared(shared)),
               "l"(__cvta_generic_to_global(global)), "r"(valid ? 16 : 0)
               : "memory");
}

// Closes the group of the copies started since the last call.
__device__ __forceinline__ void copy_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits until all but the latest `groups` groups of this thread are done.
template <int groups>
__device__ __forceinline__ void copy_async_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(groups) : "memory");
}

#endif
