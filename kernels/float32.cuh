// Products of float32 operands on the ordinary arithmetic units.
#pragma once
#include "tile.cuh"

struct F32 {
  // Whether sums may begin with another gradient of their size: their additions would round at it.
  static constexpr bool PAIRS = false;

  // [DEPTH, TILE], so that at each k a thread reads its four rows and its four columns as one vector each: they are moved
  // next to each other.
  template <Along ALONG, Side SIDE>
  struct Operand {
    alignas(16) float values[DEPTH][TILE + 4];

    __device__ __forceinline__ void store(int row, int column, const Quad &quad) {
#pragma unroll
      for (int e = 0; e < 4; e++) {
        const int r = row + 8 * (e / 2), c = column + e % 2;
        if (ALONG == Along::COLUMNS) {
          values[c][place(r)] = quad.values[e];
        } else {
          values[r][place(c)] = quad.values[e];
        }
      }
    }

    // Rows 8 i + g of a warp go to 4 g + i, its columns 8 i + 2 p + h to 4 p + 2 i + h.
    static __device__ __forceinline__ int place(int at) {
      return SIDE == Side::LEFT ? (at & ~31) | (at & 7) << 2 | (at >> 3 & 3)
                                : (at & ~15) | (at & 6) << 1 | (at >> 3 & 1) << 1 | (at & 1);
    }
  };

  template <Along LEFT, Along RIGHT>
  static __device__ __forceinline__ void multiply(const Operand<LEFT, Side::LEFT> &left,
                                                  const Operand<RIGHT, Side::RIGHT> &right, Sums &sums) {
    const int row = warp_row() + 4 * lane_row(), column = warp_column() + 2 * lane_column();
#pragma unroll 4
    for (int k = 0; k < DEPTH; k++) {
      const float4 l = *reinterpret_cast<const float4 *>(&left.values[k][row]);
      const float4 r = *reinterpret_cast<const float4 *>(&right.values[k][column]);
      add(l.x, l.y, r.x, r.y, sums.quads[0][0]);
      add(l.x, l.y, r.z, r.w, sums.quads[0][1]);
      add(l.z, l.w, r.x, r.y, sums.quads[1][0]);
      add(l.z, l.w, r.z, r.w, sums.quads[1][1]);
    }
  }

 private:
  static __device__ __forceinline__ void add(float row, float row8, float column, float column1, Quad &sum) {
    sum.values[0] = fmaf(row, column, sum.values[0]);
    sum.values[1] = fmaf(row, column1, sum.values[1]);
    sum.values[2] = fmaf(row8, column, sum.values[2]);
    sum.values[3] = fmaf(row8, column1, sum.values[3]);
  }
};
