// Twins of the warp-wide and asynchronous instructions of ptx.cuh.
#include "ptx.h"

#include "intrinsics.h"

#include <array>
#include <vector>

namespace cuda_emulation {
namespace {

constexpr unsigned WHOLE_WARP = 0xffffffffu;

float float_of_bf16(unsigned bits) { return __uint_as_float(bits << 16); }

float low(unsigned pair) { return float_of_bf16(pair & 0xffff); }

float high(unsigned pair) { return float_of_bf16(pair >> 16); }

struct Fragments {
  const unsigned *a, *b;
};

// Eight columns of a row at once; g++ makes one vector of them.
typedef float Row __attribute__((vector_size(32)));

void check_whole(unsigned lanes) {
  if (lanes != WHOLE_WARP) {
    fail("an instruction for whole warps in a warp of which lanes have ended");
  }
}

void multiply_fragments(Warp &warp, unsigned lanes) {
  check_whole(lanes);
  float a[16][16];
  Row b[16], d[16] = {};
  for (int lane = 0; lane < 32; lane++) {
    const Fragments &in = *static_cast<const Fragments *>(warp.lanes[lane].in);
    const int g = lane / 4, t = 2 * (lane % 4);
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < 2; i++) {
        const unsigned pair = in.a[2 * half + i];
        a[g + 8 * i][t + 8 * half] = low(pair);
        a[g + 8 * i][t + 8 * half + 1] = high(pair);
      }
      b[t + 8 * half][g] = low(in.b[half]);
      b[t + 8 * half + 1][g] = high(in.b[half]);
    }
  }
  for (int row = 0; row < 16; row++) {
    for (int k = 0; k < 16; k++) {
      d[row] += a[row][k] * b[k];
    }
  }
  for (int lane = 0; lane < 32; lane++) {
    float *out = static_cast<float *>(warp.lanes[lane].out);
    const int g = lane / 4, t = 2 * (lane % 4);
    for (int i = 0; i < 4; i++) {
      out[i] += d[g + 8 * (i / 2)][t + i % 2];
    }
  }
}

template <int matrices, bool transposed>
void load_matrices(Warp &warp, unsigned lanes) {
  check_whole(lanes);
  for (int lane = 0; lane < 32; lane++) {
    unsigned *out = static_cast<unsigned *>(warp.lanes[lane].out);
    for (int m = 0; m < matrices; m++) {
      unsigned pair = 0;
      for (int i = 0; i < 2; i++) {
        const int along = lane / 4, pairs = 2 * (lane % 4) + i;
        const int row = transposed ? pairs : along, column = transposed ? along : pairs;
        const auto *values = static_cast<const unsigned short *>(warp.lanes[8 * m + row].in);
        pair |= static_cast<unsigned>(values[column]) << 16 * i;
      }
      out[m] = pair;
    }
  }
}

template <int matrices, bool transposed>
void load(unsigned *out, const void *row) {
  if (reinterpret_cast<uintptr_t>(row) % 16 != 0) {
    fail("ldmatrix of a row that is not aligned to 16 bytes");
  }
  collect(load_matrices<matrices, transposed>, WHOLE_WARP, row, out);
}

// A copy that was started; the latest groups may be under way until the thread waits for them.
struct Copy {
  void *to;
  const void *from;
  int bytes;
  bool valid;
};

struct Copies {
  unsigned long long block;  // what they belong to
  std::vector<std::vector<Copy>> groups;
};

Copies &copies() {
  thread_local std::array<Copies, 1024> of_threads;
  Copies &mine = of_threads[self->linear];
  if (mine.block != self->block->number || mine.groups.empty()) {
    mine = {self->block->number, {{}}};
  }
  return mine;
}

}  // namespace

// What the copy writes is taken away at once and comes only when it is waited for, so that a kernel that does not wait
// computes with NaN.
void copy_async(void *shared, const void *global, int bytes, bool valid) {
  if (reinterpret_cast<uintptr_t>(shared) % bytes != 0 || (valid && reinterpret_cast<uintptr_t>(global) % bytes != 0)) {
    fail("asynchronous copy between addresses that are not aligned to its size");
  }
  memset(shared, 0xff, bytes);
  copies().groups.back().push_back({shared, global, bytes, valid});
}

void copy_async_wait(unsigned groups) {
  std::vector<std::vector<Copy>> &started = copies().groups;
  while (started.size() > groups + 1) {  // the last one is not closed
    for (const Copy &copy : started.front()) {
      if (copy.valid) {
        memcpy(copy.to, copy.from, copy.bytes);
      } else {
        memset(copy.to, 0, copy.bytes);
      }
    }
    started.erase(started.begin());
  }
}

}  // namespace cuda_emulation

void copy_async_commit() { cuda_emulation::copies().groups.emplace_back(); }

void mma_bf16(float d[4], const unsigned a[4], const unsigned b[2]) {
  const cuda_emulation::Fragments fragments = {a, b};
  cuda_emulation::collect(cuda_emulation::multiply_fragments, cuda_emulation::WHOLE_WARP, &fragments, d);
}

void ldmatrix_x4(unsigned matrices[4], const void *row) { cuda_emulation::load<4, false>(matrices, row); }
void ldmatrix_x4_trans(unsigned matrices[4], const void *row) { cuda_emulation::load<4, true>(matrices, row); }
void ldmatrix_x2(unsigned matrices[2], const void *row) { cuda_emulation::load<2, false>(matrices, row); }
void ldmatrix_x2_trans(unsigned matrices[2], const void *row) { cuda_emulation::load<2, true>(matrices, row); }
