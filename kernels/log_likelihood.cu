// Likelihoods that are sums over the columns, and their gradients: outputs [S*B, D], targets [B, D], log_scale a row for
// each scale_rows rows of outputs (absent in Bernoulli and Poisson), upstream and y [S*B, 1]; row s*B + b meets targets b.
// Forward: a warp owns a row, a lane each 32nd column. Backward: a block owns 32 columns of a part of the rows, a warp each
// eighth row of it; where rows share a log_scale its gradient is summed on the way, parts are of one group of such rows, and
// d_log_scale [groups * parts, D] is that of the parts. All operands are read once, all gradients are written once.
#include "density.cuh"
#include "flush.cuh"
#include "reduce.cuh"

struct Rows {
  int rows, columns;
  int examples;  // rows of the targets
  const float *outputs, *targets, *log_scale;
  int scale_rows;  // how many rows share a row of log_scale

  __device__ __forceinline__ size_t at(int row, int column) const { return (size_t)row * columns + column; }
  __device__ __forceinline__ float target(int row, int column) const { return targets[at(row % examples, column)]; }
  __device__ __forceinline__ float scale(int row, int column) const {
    return log_scale == nullptr ? 0.0f : log_scale[at(row / scale_rows, column)];
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
  const bool summed = in.scale_rows > 1;
  const int of_group = summed ? in.scale_rows : in.rows, parts = (of_group + rows_of_part - 1) / rows_of_part;
  const int strips = (in.columns + 31) / 32, part = blockIdx.x / strips;
  const int column = blockIdx.x % strips * 32 + threadIdx.x % 32, left = of_group - part % parts * rows_of_part;
  const int begin = (part / parts + 1) * of_group - left, end = begin + (left < rows_of_part ? left : rows_of_part);
  float sum = 0;
  for (int row = begin + threadIdx.x / 32; row < end && column < in.columns; row += 8) {
    const size_t at = in.at(row, column);
    const Slope slope = density.slope(in.outputs[at], in.scale(row, column), in.target(row, column));
    d_outputs[at] = flush(upstream[row] * slope.output);
    if (summed) {
      sum = fmaf(upstream[row], slope.log_scale, sum);
    } else if (in.log_scale != nullptr) {
      d_log_scale[at] = flush(upstream[row] * slope.log_scale);
    }
  }
  if (!summed) return;
  sum = sum_of_warps(sum);
  if (threadIdx.x < 32 && column < in.columns) d_log_scale[in.at(part, column)] = sum;
}

extern "C" __global__ void __launch_bounds__(256)
    bernoulli(int rows, int columns, int examples, const float *outputs, const float *targets, float *y) {
  forward(Bernoulli{}, {rows, columns, examples, outputs, targets, nullptr, 1}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    bernoulli_backward(int rows, int columns, int examples, int rows_of_part, const float *upstream, const float *outputs,
                       const float *targets, float *d_outputs) {
  const Rows in = {rows, columns, examples, outputs, targets, nullptr, 1};
  backward(Bernoulli{}, in, rows_of_part, upstream, d_outputs, nullptr);
}

extern "C" __global__ void __launch_bounds__(256)
    poisson(int rows, int columns, int examples, const float *outputs, const float *targets, float *y) {
  forward(Poisson{}, {rows, columns, examples, outputs, targets, nullptr, 1}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    poisson_backward(int rows, int columns, int examples, int rows_of_part, const float *upstream, const float *outputs,
                     const float *targets, float *d_outputs) {
  const Rows in = {rows, columns, examples, outputs, targets, nullptr, 1};
  backward(Poisson{}, in, rows_of_part, upstream, d_outputs, nullptr);
}

extern "C" __global__ void __launch_bounds__(256)
    gaussian(int rows, int columns, int examples, int scale_rows, const float *outputs, const float *log_scale,
             const float *targets, float *y) {
  forward(Gaussian{}, {rows, columns, examples, outputs, targets, log_scale, scale_rows}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    gaussian_backward(int rows, int columns, int examples, int scale_rows, int rows_of_part, const float *upstream,
                      const float *outputs, const float *log_scale, const float *targets, float *d_outputs,
                      float *d_log_scale) {
  const Rows in = {rows, columns, examples, outputs, targets, log_scale, scale_rows};
  backward(Gaussian{}, in, rows_of_part, upstream, d_outputs, d_log_scale);
}

extern "C" __global__ void __launch_bounds__(256)
    student_t(float nu, float log_normalizer, int rows, int columns, int examples, int scale_rows, const float *outputs,
              const float *log_scale, const float *targets, float *y) {
  forward(StudentT{nu, log_normalizer}, {rows, columns, examples, outputs, targets, log_scale, scale_rows}, y);
}

extern "C" __global__ void __launch_bounds__(256)
    student_t_backward(float nu, float log_normalizer, int rows, int columns, int examples, int scale_rows, int rows_of_part,
                       const float *upstream, const float *outputs, const float *log_scale, const float *targets,
                       float *d_outputs, float *d_log_scale) {
  const Rows in = {rows, columns, examples, outputs, targets, log_scale, scale_rows};
  backward(StudentT{nu, log_normalizer}, in, rows_of_part, upstream, d_outputs, d_log_scale);
}
