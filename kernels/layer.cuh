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

  // One sample's rows of x or dx, of y or dy, of std, and its matrix of W.
  __device__ __forceinline__ Stored x(const float *values, int sample) const {
    return {values + (shared ? 0 : (size_t)sample * examples * inputs), examples, inputs};
  }
  __device__ __forceinline__ Stored y(const float *values, int sample) const {
    return {values + (size_t)sample * examples * outputs, examples, outputs};
  }
  __device__ __forceinline__ Stored std(const float *values, int sample) const {  // has the rows of x
    return {values + (shared ? 0 : (size_t)sample * examples * outputs), examples, outputs};
  }
  __device__ __forceinline__ Stored w(const float *values, int sample) const {
    return {values + (size_t)sample * outputs * inputs, outputs, inputs};
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
    return {values + (size_t)sample * layer.outputs * layer.inputs, layer.outputs, layer.inputs};
  }
};

__device__ __forceinline__ void store(const Stored &to, const Tile &tile, Sums &sums) {
  each_quad(
      tile,
      [&](int row, int column, const Quad &quad) {
        store_quad(const_cast<float *>(to.values), to.rows, to.columns, row, column, quad);
      },
      sums);
}

// y = x Wᵀ; a block owns a tile of y of one sample.
template <class Precision, class Weights>
__device__ __forceinline__ void forward(const Layer &layer, const float *x, const Weights &weights, float *y) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::COLUMNS> staging;
  Product<Precision, Along::COLUMNS, Along::COLUMNS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.outputs);
  Sums sums = {};
  product.add(layer.x(x, tile.sample), weights.of_sample(tile.sample), tile, layer.inputs, sums);
  store(layer.y(y, tile.sample), tile, sums);
}

// dx = dy W; a block owns a tile of dx, of one sample or, where x is shared, summed over all of them.
template <class Precision, class Weights>
__device__ __forceinline__ void backward_input(const Layer &layer, const float *dy, const Weights &weights, float *dx) {
  __shared__ Staging<Precision, Along::COLUMNS, Along::ROWS> staging;
  Product<Precision, Along::COLUMNS, Along::ROWS> product(staging);
  const Tile tile = tile_of_block(layer.examples, layer.inputs);
  const int end = layer.shared ? layer.samples : tile.sample + 1;
  Sums sums = {};
  for (int sample = tile.sample; sample < end; sample++) {
    product.add(layer.y(dy, sample), weights.of_sample(sample), tile, layer.outputs, sums);
  }
  store(layer.x(dx, tile.sample), tile, sums);
}
