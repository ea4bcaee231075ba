// The sizes of a linear layer and the three products that it consists of, for weights from anywhere.
//
// `Weights` gives a source for each sample: W of_sample(int sample) const.
#pragma once
#include "source.cuh"
#include "tile.cuh"

// y [S*B, N] from x [S*B, K], or from x [B, K] that all samples share.
struct Layer {
  int samples, examples, inputs, outputs;  // S, B, K, N
  int shared;

  // Where one sample's rows of x or dx, of y or dy, of std, and its matrix of W begin.
  __device__ __forceinline__ size_t x_begin(int sample) const {
    return shared ? 0 : (size_t)sample * examples * inputs;
  }
  __device__ __forceinline__ size_t y_begin(int sample) const { return (size_t)sample * examples * outputs; }
  __device__ __forceinline__ size_t std_begin(int sample) const { return shared ? 0 : y_begin(sample); }
  __device__ __forceinline__ size_t w_begin(int sample) const { return (size_t)sample * outputs * inputs; }

  __device__ __forceinline__ Stored x(const float *values, int sample) const {
    return {values + x_begin(sample), examples, inputs};
  }
  __device__ __forceinline__ Stored y(const float *values, int sample) const {
    return {values + y_begin(sample), examples, outputs};
  }
  __device__ __forceinline__ Stored std(const float *values, int sample) const {
    return {values + std_begin(sample), examples, outputs};
  }
  __device__ __forceinline__ Stored w(const float *values, int sample) const {
    return {values + w_begin(sample), outputs, inputs};
  }
};

// W as a float32 tensor [S*N, K].
struct StoredWeights {
  Layer layer;
  const float *values;

  __device__ __forceinline__ Stored of_sample(int sample) const { return layer.w(values, sample); }
};

// W as a bfloat16 tensor [S*N, K].
struct StoredBfloat16Weights {
  Layer layer;
  const unsigned short *values;

  __device__ __forceinline__ StoredBfloat16 of_sample(int sample) const {
    return {values + layer.w_begin(sample), layer.outputs, layer.inputs};
  }
};

// What becomes of a forward product: y = product + bias, and relu(y); each is left out where its pointer is null.
struct Activation {
  Layer layer;
  float *y;
  const float *bias;                // of N; that of example b of sample s is number
  int bias_of_sample, bias_of_row;  // s bias_of_sample + b bias_of_row
  float *relu;

  __device__ __forceinline__ void store(int sample, int row, int column, Quad quad) const {
    if (bias) {
#pragma unroll
      for (int half = 0; half < 2; half++) {
        const int r = row + 8 * half;
        if (r < layer.examples) {
          const int number = sample * bias_of_sample + r * bias_of_row;
          const float2 pair = load_pair(bias + index_of(number, 0, layer.outputs), layer.outputs, column);
          quad.values[2 * half] += pair.x;
          quad.values[2 * half + 1] += pair.y;
        }
      }
    }
    if (y) store_quad(y + layer.y_begin(sample), layer.examples, layer.outputs, row, column, quad);
    if (relu) {
#pragma unroll
      for (int e = 0; e < 4; e++) quad.values[e] = quad.values[e] < 0 ? 0 : quad.values[e];  // NaN stays
      store_quad(relu + layer.y_begin(sample), layer.examples, layer.outputs, row, column, quad);
    }
  }
};

// What becomes of the gradient of x: dx is zero where the mask, if there is one, is not positive.
struct Masked {
  Layer layer;
  float *dx;
  const float *mask;

  __device__ __forceinline__ void store(int sample, int row, int column, Quad quad) const {
    if (mask) {
      const Quad of = layer.x(mask, sample).load(row, column);
#pragma unroll
      for (int e = 0; e < 4; e++) quad.values[e] *= of.values[e] > 0 ? 1.0f : 0.0f;  // NaN stays
    }
    store_quad(dx + layer.x_begin(sample), layer.examples, layer.inputs, row, column, quad);
  }
};

// The sums of the parts of a split product [parts, matrices, rows, columns], float32: the first stage, where the block's
// part is, and the second, which adds them up in order.
struct Parts {
  float *values;
  int matrices, rows, columns;

  __device__ __forceinline__ float *matrix(int part, int number) const {
    return values + ((size_t)part * matrices + number) * rows * columns;
  }
  __device__ __forceinline__ void store(int number, int row, int column, const Quad &quad) const {
    store_quad(matrix(blockIdx.y, number), rows, columns, row, column, quad);
  }
  __device__ __forceinline__ Quad sum(int count, int number, int row, int column) const {
    Quad sum = {};
    for (int part = 0; part < count; part++) {
      const Quad quad = load_quad(matrix(part, number), rows, columns, row, column);
#pragma unroll
      for (int e = 0; e < 4; e++) sum.values[e] += quad.values[e];
    }
    return sum;
  }
};

// The second stage: a thread for each quad of each matrix.
template <class Result>
__device__ __forceinline__ void finish(const Parts &parts, int count, const Result &result) {
  const QuadPlace at = quad_of_thread(parts.columns);
  if (at.row < parts.rows) {
    result.store(blockIdx.y, at.row, at.column, parts.sum(count, blockIdx.y, at.row, at.column));
  }
}

template <class Result>
__device__ __forceinline__ void store(const Result &result, const Tile &tile, Sums &sums) {
  each_quad(
      tile, [&](int row, int column, const Quad &quad) { result.store(tile.sample, row, column, quad); }, sums);
}

// What becomes of a tile, or of a part of its sum.
template <class Result>
__device__ __forceinline__ void store(const Result &result, const Parts &parts, const Tile &tile, Sums &sums) {
  if (parts.values) {
    store(parts, tile, sums);
  } else {
    store(result, tile, sums);
  }
}

// y = x Wᵀ; a block owns a tile of y of one sample, or a part of its sum.
template <class Precision, class Weights>
__device__ __forceinline__ void forward(const Layer &layer, const float *x, const Weights &weights,
                                        const Activation &result, float *parts) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::COLUMNS> staging;
  Product<Precision, Along::COLUMNS, Along::COLUMNS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.outputs);
  Sums sums = {};
  product.add(layer.x(x, tile.sample), weights.of_sample(tile.sample), tile, part_of_block(layer.inputs), sums);
  store(result, Parts{parts, layer.samples, layer.examples, layer.outputs}, tile, sums);
}

// dx = dy W; a block owns a tile of dx, of one sample or, where x is shared, summed over all of them; or a part of its
// sum.
template <class Precision, class Weights>
__device__ __forceinline__ void backward_input(const Layer &layer, const float *dy, const Weights &weights,
                                               const Masked &result, float *parts) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::ROWS> staging;
  Product<Precision, Along::COLUMNS, Along::ROWS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.inputs);
  const int end = layer.shared ? layer.samples : tile.sample + 1;
  const Range range = part_of_block(layer.outputs);
  Sums sums = {};
  for (int sample = tile.sample; sample < end; sample++) {
    product.add(layer.y(dy, sample), weights.of_sample(sample), tile, range, sums);
  }
  store(result, Parts{parts, layer.shared ? 1 : layer.samples, layer.examples, layer.inputs}, tile, sums);
}

// The same products of antithetic pairs, whose weights are drawn once for both: a block owns a tile of both samples'
// results. `Weights` gives the source of a pair: P of_pair(int first) const. Each sample has an x of its own, or in the
// forward product they share it.

// The tile of this block, of the first of a pair.
__device__ __forceinline__ Tile pair_of_block(int rows, int columns) {
  const Tile tile = tile_of_block(rows, columns);
  return {tile.row, tile.column, 2 * tile.sample};
}

template <class Precision, Along RIGHT, class Pair, class Result>
__device__ __forceinline__ void multiply_pair(const Stored &left0, const Stored &left1, const Pair &pair, Tile tile,
                                              const Range &range, const Result &result, const Parts &parts) {
  __shared__ PairStaging<Precision, Along::COLUMNS, RIGHT> staging;
  PairProduct<Precision, Along::COLUMNS, RIGHT> product(staging);
  Sums sums0 = {}, sums1 = {};
  product.add(left0, left1, pair, tile, range, sums0, sums1);
  store(result, parts, tile, sums0);
  tile.sample++;
  store(result, parts, tile, sums1);
}

template <class Precision, class Weights>
__device__ __forceinline__ void forward_pairs(const Layer &layer, const float *x, const Weights &weights,
                                              const Activation &result, float *parts) {
  const Tile tile = pair_of_block(layer.examples, layer.outputs);
  multiply_pair<Precision, Along::COLUMNS>(layer.x(x, tile.sample), layer.x(x, tile.sample + 1),
                                           weights.of_pair(tile.sample), tile, part_of_block(layer.inputs), result,
                                           {parts, layer.samples, layer.examples, layer.outputs});
}

template <class Precision, class Weights>
__device__ __forceinline__ void backward_input_pairs(const Layer &layer, const float *dy, const Weights &weights,
                                                     const Masked &result, float *parts) {
  const Tile tile = pair_of_block(layer.examples, layer.inputs);
  multiply_pair<Precision, Along::ROWS>(layer.y(dy, tile.sample), layer.y(dy, tile.sample + 1),
                                        weights.of_pair(tile.sample), tile, part_of_block(layer.outputs), result,
                                        {parts, layer.samples, layer.examples, layer.inputs});
}
