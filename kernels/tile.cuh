// The engine of all matrix products: a block of 256 threads forms a 64 x 64 tile of a product of two operands of any size.
//
// An operand is a source: a small struct that gives quads of its matrix, and zeros outside of it. It does so in two halves,
//   using Raw = ...;
//   Raw load(int row, int column) const;                          // reads memory, no more
//   Quad quad(const Raw &raw, int row, int column) const;         // computes: samples weights, squares, signs
// so that the reads of the next slice are under way while this one is multiplied. The product sums along the columns of an
// operand's matrix or along its rows: x Wᵀ along the columns of both, dy W along the columns of dy and the rows of W,
// dyᵀ x along the rows of both. Operands are staged in shared memory in two turns, in the form that the precision wants
// (float32.cuh, bfloat16.cuh); sums stay in registers, float32, as quads.
//
// A kernel is: zero sums, product() once or more into them, each_quad() for the epilogue:
//   __shared__ Staging<F32, Along::COLUMNS, Along::COLUMNS> staging;
//   Product<...> product(staging);
//   Sums sums = {};
//   product.add(x, w, tile, all(depth), sums);
//   each_quad(tile, [&](int row, int column, Quad &y) { store_quad(...); }, sums);
#pragma once
#include "quad.cuh"

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int TILE = 64;        // rows and columns of a tile
constexpr int DEPTH = 32;       // how much of the summed direction a slice has
constexpr int WARP_COLUMNS = 4; // the warps of a block stand in 2 rows of 4, each with 32 x 16 of the tile
constexpr int WARP_TILE_ROWS = 32, WARP_TILE_COLUMNS = 16;

// The direction, in an operand's matrix, in which a product sums.
enum class Along { COLUMNS, ROWS };

// Which operand: the left one's other direction becomes the rows of the result, the right one's the columns.
enum class Side { LEFT, RIGHT };

// A tile of the result.
struct Tile {
  int row, column;  // its first
  int sample;       // the matrix, where there is one a sample
};

// The tile of this block when blocks number the tiles of [rows, columns] matrices, rows first, so that neighbours share
// the right operand.
__device__ __forceinline__ Tile tile_of_block(int rows, int columns) {
  const int tile_rows = (rows - 1) / TILE + 1, tile_columns = (columns - 1) / TILE + 1;
  const int index = blockIdx.x / tile_rows;
  return {(int)(blockIdx.x % tile_rows) * TILE, index % tile_columns * TILE, index / tile_columns};
}

// From where to where of the summed direction a product goes.
struct Range {
  int begin, end;
};

__device__ __forceinline__ Range all(int depth) { return {0, depth}; }

// Where the tiles are too few to fill a card, a tile's sum is split into gridDim.y parts of whole slices, a block each.
__device__ __forceinline__ Range part_of_block(int depth) {
  const int slices = (depth - 1) / DEPTH + 1;
  const int begin = slices * blockIdx.y / gridDim.y, end = slices * (blockIdx.y + 1) / gridDim.y;
  return {begin * DEPTH, end < slices ? end * DEPTH : depth};
}

// A thread's part of a tile: one quad of each of its warp's patches.
struct Sums {
  Quad quads[WARP_TILE_ROWS / PATCH_ROWS][WARP_TILE_COLUMNS / PATCH_COLUMNS];
};

__device__ __forceinline__ int warp_row() { return threadIdx.x / 32 / WARP_COLUMNS * WARP_TILE_ROWS; }

__device__ __forceinline__ int warp_column() { return threadIdx.x / 32 % WARP_COLUMNS * WARP_TILE_COLUMNS; }

// Calls function(row, column, quad...) for this thread's quads of the tile, those of all sums at the same place together.
template <class Function, class... S>
__device__ __forceinline__ void each_quad(const Tile &tile, Function function, S &...sums) {
#pragma unroll
  for (int i = 0; i < WARP_TILE_ROWS / PATCH_ROWS; i++) {
#pragma unroll
    for (int j = 0; j < WARP_TILE_COLUMNS / PATCH_COLUMNS; j++) {
      function(tile.row + warp_row() + PATCH_ROWS * i + lane_row(),
               tile.column + warp_column() + PATCH_COLUMNS * j + lane_column(), sums.quads[i][j]...);
    }
  }
}

// The slice of an operand that a block loads at once: each warp patches of its own.
template <Along ALONG>
struct Slice {
  static constexpr int ROWS = ALONG == Along::COLUMNS ? TILE : DEPTH;
  static constexpr int COLUMNS = ALONG == Along::COLUMNS ? DEPTH : TILE;
  static constexpr int PATCHES = ROWS / PATCH_ROWS * (COLUMNS / PATCH_COLUMNS) / WARPS;

  static __device__ __forceinline__ int row(int patch) {
    return (threadIdx.x / 32 + WARPS * patch) / (COLUMNS / PATCH_COLUMNS) * PATCH_ROWS + lane_row();
  }
  static __device__ __forceinline__ int column(int patch) {
    return (threadIdx.x / 32 + WARPS * patch) % (COLUMNS / PATCH_COLUMNS) * PATCH_COLUMNS + lane_column();
  }
};

// What a thread has read of a slice that begins at (row, column).
template <Along ALONG, class Source>
struct Fetched {
  typename Source::Raw raw[Slice<ALONG>::PATCHES];

  __device__ __forceinline__ void load(const Source &source, int row, int column) {
#pragma unroll
    for (int p = 0; p < Slice<ALONG>::PATCHES; p++) {
      raw[p] = source.load(row + Slice<ALONG>::row(p), column + Slice<ALONG>::column(p));
    }
  }

  template <class Operand>
  __device__ __forceinline__ void store(const Source &source, int row, int column, Operand &operand) const {
#pragma unroll
    for (int p = 0; p < Slice<ALONG>::PATCHES; p++) {
      const int r = Slice<ALONG>::row(p), c = Slice<ALONG>::column(p);
      operand.store(r, c, source.quad(raw[p], row + r, column + c));
    }
  }

  // Of a source that gives two quads.
  template <class Operand>
  __device__ __forceinline__ void store(const Source &source, int row, int column, Operand &operand0,
                                        Operand &operand1) const {
#pragma unroll
    for (int p = 0; p < Slice<ALONG>::PATCHES; p++) {
      const int r = Slice<ALONG>::row(p), c = Slice<ALONG>::column(p);
      Quad first, second;
      source.quads(raw[p], row + r, column + c, first, second);
      operand0.store(r, c, first);
      operand1.store(r, c, second);
    }
  }
};

// Row and column, in an operand's matrix, of place `at` of the result and `k` of the sum.
__device__ __forceinline__ int first(Along along, int at, int k) { return along == Along::COLUMNS ? at : k; }
__device__ __forceinline__ int second(Along along, int at, int k) { return along == Along::COLUMNS ? k : at; }

// Shared memory for both operands, twice: one slice is multiplied while the other is written.
template <class Precision, Along LEFT, Along RIGHT>
struct Staging {
  typename Precision::template Operand<LEFT, Side::LEFT> left[2];
  typename Precision::template Operand<RIGHT, Side::RIGHT> right[2];
};

// The same for the two products of a pair.
template <class Precision, Along LEFT, Along RIGHT>
struct PairStaging {
  Staging<Precision, LEFT, RIGHT> products[2];
};

template <class Precision, Along LEFT, Along RIGHT>
class Product {
 public:
  __device__ __forceinline__ explicit Product(Staging<Precision, LEFT, RIGHT> &staging) : staging(staging) {}

  // sums += the tile of left times right, summed over a range; all threads of the block call it.
  template <class Left, class Right>
  __device__ __forceinline__ void add(const Left &left, const Right &right, const Tile &tile, const Range &range, Sums &sums) {
    Fetched<LEFT, Left> l;
    Fetched<RIGHT, Right> r;
    l.load(left, first(LEFT, tile.row, range.begin), second(LEFT, tile.row, range.begin));
    r.load(right, first(RIGHT, tile.column, range.begin), second(RIGHT, tile.column, range.begin));
    for (int k = range.begin; k < range.end; k += DEPTH) {
      l.store(left, first(LEFT, tile.row, k), second(LEFT, tile.row, k), staging.left[turn]);
      r.store(right, first(RIGHT, tile.column, k), second(RIGHT, tile.column, k), staging.right[turn]);
      // One barrier a slice is enough: whoever writes this turn again has passed the next barrier, which nobody reaches
      // before the multiplication below is done.
      __syncthreads();
      if (k + DEPTH < range.end) {
        l.load(left, first(LEFT, tile.row, k + DEPTH), second(LEFT, tile.row, k + DEPTH));
        r.load(right, first(RIGHT, tile.column, k + DEPTH), second(RIGHT, tile.column, k + DEPTH));
      }
      Precision::multiply(staging.left[turn], staging.right[turn], sums);
      turn ^= 1;
    }
  }

 private:
  Staging<Precision, LEFT, RIGHT> &staging;
  int turn = 0;  // goes on from product to product, for the sake of the barrier
};

// Two products whose right operands are made of one draw: of an antithetic pair of samples. Such an operand gives both
// quads at once,
//   void quads(const Raw &raw, int row, int column, Quad &first, Quad &second) const;
template <class Precision, Along LEFT, Along RIGHT>
class PairProduct {
 public:
  __device__ __forceinline__ explicit PairProduct(PairStaging<Precision, LEFT, RIGHT> &staging) : staging(staging) {}

  // first += the tile of left0 times the first of right, second += that of left1 times the second.
  template <class Left, class Right>
  __device__ __forceinline__ void add(const Left &left0, const Left &left1, const Right &right, const Tile &tile,
                                      const Range &range, Sums &sums0, Sums &sums1) {
    Fetched<LEFT, Left> l0, l1;
    Fetched<RIGHT, Right> r;
    l0.load(left0, first(LEFT, tile.row, range.begin), second(LEFT, tile.row, range.begin));
    l1.load(left1, first(LEFT, tile.row, range.begin), second(LEFT, tile.row, range.begin));
    r.load(right, first(RIGHT, tile.column, range.begin), second(RIGHT, tile.column, range.begin));
    for (int k = range.begin; k < range.end; k += DEPTH) {
      auto &to0 = staging.products[0], &to1 = staging.products[1];
      l0.store(left0, first(LEFT, tile.row, k), second(LEFT, tile.row, k), to0.left[turn]);
      l1.store(left1, first(LEFT, tile.row, k), second(LEFT, tile.row, k), to1.left[turn]);
      r.store(right, first(RIGHT, tile.column, k), second(RIGHT, tile.column, k), to0.right[turn], to1.right[turn]);
      __syncthreads();  // one a slice, as in Product
      if (k + DEPTH < range.end) {
        l0.load(left0, first(LEFT, tile.row, k + DEPTH), second(LEFT, tile.row, k + DEPTH));
        l1.load(left1, first(LEFT, tile.row, k + DEPTH), second(LEFT, tile.row, k + DEPTH));
        r.load(right, first(RIGHT, tile.column, k + DEPTH), second(RIGHT, tile.column, k + DEPTH));
      }
      Precision::multiply(to0.left[turn], to0.right[turn], sums0);
      Precision::multiply(to1.left[turn], to1.right[turn], sums1);
      turn ^= 1;
    }
  }

 private:
  PairStaging<Precision, LEFT, RIGHT> &staging;
  int turn = 0;
};
