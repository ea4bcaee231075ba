// Linear and its gradients: y = x Wᵀ, dx = dy W, dW = dyᵀ x for each of S samples, W stored in float32.
// x [S*B, K] or shared [B, K], W [S*N, K], y [S*B, N]. A block of 256 threads owns a 64 x 64 tile of the result; it reads
// each operand as often as the result has tiles across it, and writes the result once. Where `parts` is not null the sums of
// y and dx are split (grid y): blocks write parts, linear_parts and linear_backward_input_parts, which all products with
// weights share, add them up.
#include "bfloat16.cuh"
#include "float32.cuh"
#include "layer.cuh"

template <class Precision>
__device__ __forceinline__ void backward_weight(const Layer &layer, const float *x, const float *dy, float *dw) {
  __shared__ Staging<Precision, Along::ROWS, Along::ROWS> staging;
  Product<Precision, Along::ROWS, Along::ROWS> product(staging);
  const Tile tile = tile_of_block(layer.outputs, layer.inputs);
  Sums sums = {};
  product.add(layer.y(dy, tile.sample), layer.x(x, tile.sample), tile, all(layer.examples), sums);
  each_quad(
      tile,
      [&](int row, int column, const Quad &quad) {
        store_quad(dw + layer.w_begin(tile.sample), layer.outputs, layer.inputs, row, column, quad);
      },
      sums);
}

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_f32(int samples, int examples, int inputs, int outputs, int shared, const float *x, const float *w, float *y,
               const float *bias, int bias_of_sample, int bias_of_row, float *relu, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  forward<F32>(layer, x, StoredWeights{layer, w}, {layer, y, bias, bias_of_sample, bias_of_row, relu}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_bf16(int samples, int examples, int inputs, int outputs, int shared, const float *x, const float *w,
                float *y, const float *bias, int bias_of_sample, int bias_of_row, float *relu, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  forward<BF16>(layer, x, StoredWeights{layer, w}, {layer, y, bias, bias_of_sample, bias_of_row, relu}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_backward_input_f32(int samples, int examples, int inputs, int outputs, int shared, const float *dy,
                              const float *w, float *dx, const float *mask, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_input<F32>(layer, dy, StoredWeights{layer, w}, {layer, dx, mask}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_backward_input_bf16(int samples, int examples, int inputs, int outputs, int shared, const float *dy,
                               const float *w, float *dx, const float *mask, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_input<BF16>(layer, dy, StoredWeights{layer, w}, {layer, dx, mask}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_backward_weight_f32(int samples, int examples, int inputs, int outputs, int shared, const float *x,
                               const float *dy, float *dw) {
  backward_weight<F32>({samples, examples, inputs, outputs, shared}, x, dy, dw);
}

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_backward_weight_bf16(int samples, int examples, int inputs, int outputs, int shared, const float *x,
                                const float *dy, float *dw) {
  backward_weight<BF16>({samples, examples, inputs, outputs, shared}, x, dy, dw);
}

// W [S*N, K] in bfloat16, as the update of the step before left it.

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_ahead_bf16(int samples, int examples, int inputs, int outputs, int shared, const float *x,
                      const unsigned short *w, float *y, const float *bias, int bias_of_sample, int bias_of_row,
                      float *relu, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  forward<BF16>(layer, x, StoredBfloat16Weights{layer, w}, {layer, y, bias, bias_of_sample, bias_of_row, relu}, parts);
}

extern "C" __global__ void __launch_bounds__(256, 3)
    linear_backward_input_ahead_bf16(int samples, int examples, int inputs, int outputs, int shared, const float *dy,
                                     const unsigned short *w, float *dx, const float *mask, float *parts) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  backward_input<BF16>(layer, dy, StoredBfloat16Weights{layer, w}, {layer, dx, mask}, parts);
}

// The second stage of split sums: a thread for each quad, blocks in y for the matrices. Reads `count` parts.

extern "C" __global__ void __launch_bounds__(256)
    linear_parts(int samples, int examples, int inputs, int outputs, int shared, int count, float *parts, float *y,
                 const float *bias, int bias_of_sample, int bias_of_row, float *relu) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  finish(Parts{parts, samples, examples, outputs}, count, Activation{layer, y, bias, bias_of_sample, bias_of_row, relu});
}

extern "C" __global__ void __launch_bounds__(256)
    linear_backward_input_parts(int samples, int examples, int inputs, int outputs, int shared, int count, float *parts,
                                float *dx, const float *mask) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  finish(Parts{parts, shared ? 1 : samples, examples, inputs}, count, Masked{layer, dx, mask});
}
