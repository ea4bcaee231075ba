// Products of bfloat16 operands with float32 sums, on the tensor cores.
#pragma once
#include "ptx.cuh"
#include "tile.cuh"

struct BF16 {
  // Whether sums may begin with another gradient of their size: operands have rounded far more than their additions then do.
  static constexpr bool PAIRS = true;

  // The slice as the source has it. A row is 8 longer than its values, so that the 8 rows that ldmatrix reads, and those
  // that a warp writes, lie in different banks.
  template <Along ALONG, Side SIDE>
  struct Operand {
    alignas(16) unsigned pairs[Slice<ALONG>::ROWS][(Slice<ALONG>::COLUMNS + 8) / 2];

    __device__ __forceinline__ void store(int row, int column, const Quad &quad) {
      pairs[row][column / 2] = pack_bf16(quad.values[0], quad.values[1]);
      pairs[row + 8][column / 2] = pack_bf16(quad.values[2], quad.values[3]);
    }

    // The operand's fragment of mma at (`at`, k): A of 16 rows, or B of 8 columns and B of the next 8.
    __device__ __forceinline__ void fragment(int at, int k, unsigned fragment[4]) const {
      // Lane l gives the address of row l % 8 of matrix l / 8. The matrices of A are numbered along its rows first, those
      // of B along k first; ldmatrix.trans turns each around where the slice has k along its rows.
      const int lane = threadIdx.x & 31;
      const bool columns = ALONG == Along::COLUMNS;
      const bool down = columns == (SIDE == Side::LEFT);  // matrices are numbered along the slice's rows first
      const int row = (columns ? at : k) + (down ? lane & 15 : (lane & 7) | (lane & 16) >> 1);
      const int column = (columns ? k : at) + (down ? (lane & 16) >> 1 : lane & 8);
      if (columns) {
        ldmatrix_x4(fragment, &pairs[row][column / 2]);
      } else {
        ldmatrix_x4_trans(fragment, &pairs[row][column / 2]);
      }
    }
  };

  template <Along LEFT, Along RIGHT>
  static __device__ __forceinline__ void multiply(const Operand<LEFT, Side::LEFT> &left,
                                                  const Operand<RIGHT, Side::RIGHT> &right, Sums &sums) {
#pragma unroll
    for (int k = 0; k < DEPTH; k += 16) {
      unsigned a[2][4], b[4];
      left.fragment(warp_row(), k, a[0]);
      left.fragment(warp_row() + 16, k, a[1]);
      right.fragment(warp_column(), k, b);
#pragma unroll
      for (int i = 0; i < 2; i++) {
        mma_bf16(sums.quads[i][0].values, a[i], b);
        mma_bf16(sums.quads[i][1].values, a[i], b + 2);
      }
    }
  }
};
