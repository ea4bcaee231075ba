// Likelihoods that are sums over the columns, and their gradients: outputs [S*B, D], targets [B, D], log_scale of one row
// or as many as outputs (absent in Bernoulli and Poisson), upstream and y [S*B, 1]; row s*B + b meets targets b.
// Forward: a warp owns a row, a lane each 32nd column. Backward: a block owns 32 columns of a part of the rows, a warp each
// eighth row of it; where log_scale has one row its gradient is summed on the way, and d_log_scale [parts, D] is that of the
// parts. All operands are read once, all gradients are written once.
#include "density.cuh"
#include "flush.cuh"
#include "reduce.cuh"

struct Rows {
  int rows, columns;
  int examples;  // rows of the targets
  const float *outputs, *targets, *log_scale;
  int common;  // log_scale has one row

  __device__ __forceinline__ size_t at(int row, int column) const { return (size_t)row * columns + column; }
  __device__ __forceinline__ float target(int row, int column) const { return targets[at(row % examples, column)]; }
  __device__ __forceinline__ float scale(int row, int column) const {
    return log_scale == nullptr ? 0.0f : log_scale[at(common ? 0 : row, column)];
  }
};

template <class Density>
__device__ __forceinline__ void forward(const Density &density, const Rows &in, float *y) {
  const int row = blockIdx.x * 8 + threadIdx.x / 32;
  if (row >= in.rows) return;
  float sum = 0;
  for (int c = threadIdx.x % 32; c < in.columns; c += 32) {
    sum += density.value(in.outputs[in.at(row, c)], in.scale(row, c), in.target(row, c));
  }
  sum = warp_sum(sum);
  if (threadIdx.x % 32 == 0) y[row] = sum;
}

template <class Density>
__device__ __forceinline__ void backward(const Density &density, const Rows &in, int rows_of_part, const float *upstream,
                                         float *d_outputs, float *d_log_scale) {
  const int strips = (in.columns + 31) / 32, part = blockIdx.x / strips;
  const int column = blockIdx.x % strips * 32 + threadIdx.x % 32, begin = part * rows_of_part, left = in.rows - begin;
  const int end = begin + (left < rows_of_part ? left : rows_of_part);
  float sum = 0;
  for (int row = begin + threadIdx.x / 32; row < end && column < in.columns; row += 8) {
    const size_t at = in.at(row, column);
    const Slope slope = density.slope(in.outputs[at], in.scale(row, column), in.target(row, column));
    d_outputs[at] = flush(upstream[row] * slope.output);
    if (in.common) {
      sum = fmaf(upstream[row], slope.log_scale, sum);
    } else if (in.log_scale != nullptr) {
      d_log_scale[at] = flush(upstream[row] * slope.log_scale);
    }
  }
  if (!in.common) return;
  sum = sum_of_warps(sum);
  if (threadIdx.x < 32 && column < in.columns) d_log_scale[in.at(part, column)] = sum;
}

extern "C" __global__ void __launch_bounds__(256)
    bernoulli(int rows, int columns, int examples, const float *outputs, const float *targets, float *y) {
  forward(Bernoulli{}, {rows, columns, examples, outputs, targets, nullptr, 0}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    bernoulli_backward(int rows, int columns, int examples, int rows_of_part, const float *upstream, const float *outputs,
                       const float *targets, float *d_outputs) {
  const Rows in = {rows, columns, examples, outputs, targets, nullptr, 0};
  backward(Bernoulli{}, in, rows_of_part, upstream, d_outputs, nullptr);
}

extern "C" __global__ void __launch_bounds__(256)
    poisson(int rows, int columns, int examples, const float *outputs, const float *targets, float *y) {
  forward(Poisson{}, {rows, columns, examples, outputs, targets, nullptr, 0}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    poisson_backward(int rows, int columns, int examples, int rows_of_part, const float *upstream, const float *outputs,
                     const float *targets, float *d_outputs) {
  const Rows in = {rows, columns, examples, outputs, targets, nullptr, 0};
  backward(Poisson{}, in, rows_of_part, upstream, d_outputs, nullptr);
}

extern "C" __global__ void __launch_bounds__(256)
    gaussian(int rows, int columns, int examples, int common, const float *outputs, const float *log_scale,
             const float *targets, float *y) {
  forward(Gaussian{}, {rows, columns, examples, outputs, targets, log_scale, common}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    gaussian_backward(int rows, int columns, int examples, int common, int rows_of_part, const float *upstream,
                      const float *outputs, const float *log_scale, const float *targets, float *d_outputs,
                      float *d_log_scale) {
  const Rows in = {rows, columns, examples, outputs, targets, log_scale, common};
  backward(Gaussian{}, in, rows_of_part, upstream, d_outputs, d_log_scale);
}

extern "C" __global__ void __launch_bounds__(256)
    student_t(float nu, float log_normalizer, int rows, int columns, int examples, int common, const float *outputs,
              const float *log_scale, const float *targets, float *y) {
  forward(StudentT{nu, log_normalizer}, {rows, columns, examples, outputs, targets, log_scale, common}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    student_t_backward(float nu, float log_normalizer, int rows, int columns, int examples, int common, int rows_of_part,
                       const float *upstream, const float *outputs, const float *log_scale, const float *targets,
                       float *d_outputs, float *d_log_scale) {
  const Rows in = {rows, columns, examples, outputs, targets, log_scale, common};
  backward(StudentT{nu, log_normalizer}, in, rows_of_part, upstream, d_outputs, d_log_scale);
}
