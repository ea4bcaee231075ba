// CUDA's functions that kernels use and C++ has not.
#pragma once
#include "thread.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace cuda_emulation {

// An exchange of words: each lane gives one and gets that of the source lane.
struct Shuffle {
  uint64_t value;
  int source;  // -1: its own
};

void shuffle_lanes(Warp &warp, unsigned lanes);
void vote(Warp &warp, unsigned lanes);

template <class T>
T shuffle(unsigned mask, T value, int source) {
  static_assert(sizeof(T) <= sizeof(uint64_t), "a shuffle moves up to 8 bytes");
  Shuffle mine = {0, source};
  memcpy(&mine.value, &value, sizeof value);
  uint64_t result;
  collect(shuffle_lanes, mask, &mine, &result);
  memcpy(&value, &result, sizeof value);
  return value;
}

}  // namespace cuda_emulation

inline void __syncthreads(const char *file = __builtin_FILE(), int line = __builtin_LINE()) {
  cuda_emulation::barrier({file, line});
}

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  const int segment = cuda_emulation::self->lane & ~(width - 1);
  return cuda_emulation::shuffle(mask, value, segment | (source & (width - 1)));
}

// From outside of its segment of `width` lanes a lane gets its own value.
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32) {
  const int lane = cuda_emulation::self->lane, source = lane ^ bits;
  return cuda_emulation::shuffle(mask, value, source / width <= lane / width ? source : -1);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, int distance, int width = 32) {
  const int lane = cuda_emulation::self->lane;
  return cuda_emulation::shuffle(mask, value, lane % width + distance < width ? lane + distance : -1);
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, int distance, int width = 32) {
  const int lane = cuda_emulation::self->lane;
  return cuda_emulation::shuffle(mask, value, lane % width >= distance ? lane - distance : -1);
}

inline unsigned __ballot_sync(unsigned mask, int predicate) {
  unsigned result;
  cuda_emulation::collect(cuda_emulation::vote, mask, &predicate, &result);
  return result;
}

inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }

inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, !predicate) == 0; }

inline void __syncwarp(unsigned mask = 0xffffffffu) { __ballot_sync(mask, 0); }

inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

inline int atomicAdd(int *to, int value) { return __atomic_fetch_add(to, value, __ATOMIC_RELAXED); }

inline unsigned atomicAdd(unsigned *to, unsigned value) { return __atomic_fetch_add(to, value, __ATOMIC_RELAXED); }

inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<uint64_t>(a) * b >> 32; }

inline unsigned __float_as_uint(float value) {
  unsigned bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float __uint_as_float(unsigned bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// The build forbids g++ to contract, so that each operation is rounded by itself anyway.
inline float __fadd_rn(float x, float y) { return x + y; }
inline float __fmul_rn(float x, float y) { return x * y; }
inline float __fmaf_rn(float x, float y, float z) { return fmaf(x, y, z); }
inline float __fsqrt_rn(float x) { return sqrtf(x); }

inline int __popc(unsigned bits) { return __builtin_popcount(bits); }

template <class T>
T __ldg(const T *from) {
  return *from;
}

inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
