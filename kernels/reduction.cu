// Sums in a fixed order: blocks of 256 threads sum parts that depend on the shapes alone, and a second launch sums the
// parts. What is summed is read once, 4 bytes an element; the parts are few.
#include "reduce.cuh"

// Block b: y[b] = the sum of the elements of x that are its in turn
extern "C" __global__ void __launch_bounds__(256) sum(unsigned elements, const float *x, float *y) {
  float sum = 0;
  for (unsigned i = blockIdx.x * 256 + threadIdx.x; i < elements; i += gridDim.x * 256) sum += x[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) y[blockIdx.x] = sum;
}

// Block b: parts[b] = the sum of squares, in double precision since squares of large gradients leave float32
extern "C" __global__ void __launch_bounds__(256) sum_squares(unsigned elements, const float *x, double *parts) {
  double sum = 0;
  for (unsigned i = blockIdx.x * 256 + threadIdx.x; i < elements; i += gridDim.x * 256) sum += (double)x[i] * x[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

// y = min(1, limit / norm), norm² the sum of the squares; one block. NaN stays NaN
extern "C" __global__ void __launch_bounds__(256) clip_factor(unsigned parts, float limit, const double *squares, float *y) {
  double sum = 0;
  for (unsigned i = threadIdx.x; i < parts; i += 256) sum += squares[i];
  const double norm = sqrt(block_sum(sum));
  if (threadIdx.x == 0) *y = norm <= limit ? 1.0f : (float)(limit / norm);
}

// x [groups * rows, columns] to y [groups * parts, columns], part p of a group the sum of its rows from p rows_of_part.
// A block owns 32 columns of one part, a warp each eighth row of it.
extern "C" __global__ void __launch_bounds__(256)
    sum_rows(int rows, int columns, int rows_of_part, const float *x, float *y) {
  const int strips = (columns + 31) / 32, parts = (rows + rows_of_part - 1) / rows_of_part;
  const int part = blockIdx.x / strips, column = blockIdx.x % strips * 32 + threadIdx.x % 32;
  const int begin = part % parts * rows_of_part, left = rows - begin;
  const int end = begin + (left < rows_of_part ? left : rows_of_part);
  const float *group = x + (size_t)(part / parts) * rows * columns;
  float sum = 0;
  for (int row = begin + threadIdx.x / 32; row < end && column < columns; row += 8) {
    sum += group[(size_t)row * columns + column];
  }
  sum = sum_of_warps(sum);
  if (threadIdx.x < 32 && column < columns) y[(size_t)part * columns + column] = sum;
}

// y = the sum over the repeats of y's elements in x; a thread owns one element of y
extern "C" __global__ void __launch_bounds__(256) sum_repeats(unsigned elements, int times, const float *x, float *y) {
  const unsigned i = blockIdx.x * 256 + threadIdx.x;
  if (i >= elements) return;
  float sum = 0;
  for (int repeat = 0; repeat < times; repeat++) sum += x[(size_t)repeat * elements + i];
  y[i] = sum;
}

// y [rows, 1]: the sums of the rows of x [rows, columns]; a warp owns one row
extern "C" __global__ void __launch_bounds__(256) sum_columns(int rows, int columns, const float *x, float *y) {
  const int row = blockIdx.x * 8 + threadIdx.x / 32;
  float sum = 0;
  for (int column = threadIdx.x % 32; row < rows && column < columns; column += 32) sum += x[(size_t)row * columns + column];
  sum = warp_sum(sum);
  if (row < rows && threadIdx.x % 32 == 0) y[row] = sum;
}

struct Exponentials {
  float largest, sum;  // of exp(x - largest)
};

// Of element i of every sample
__device__ __forceinline__ Exponentials exponentials(unsigned elements, int samples, const float *x, unsigned i) {
  Exponentials of = {x[i], 0};
  for (int s = 1; s < samples; s++) of.largest = fmaxf(of.largest, x[(size_t)s * elements + i]);
  for (int s = 0; s < samples; s++) of.sum += expf(x[(size_t)s * elements + i] - of.largest);
  return of;
}

// y = log (1/S) sum_s exp(x_s), x [S*B, D]; a thread owns one element of [B, D] and reads its samples twice
extern "C" __global__ void __launch_bounds__(256)
    log_mean_exp(unsigned elements, int samples, const float *x, float *y) {
  const unsigned i = blockIdx.x * 256 + threadIdx.x;
  if (i >= elements) return;
  const Exponentials of = exponentials(elements, samples, x, i);
  y[i] = of.largest + logf(of.sum / samples);
}

// dx_s = dy exp(x_s) / sum_t exp(x_t), x [S*B, D]; a thread owns one element of [B, D] and reads its samples three times
extern "C" __global__ void __launch_bounds__(256)
    log_mean_exp_backward(unsigned elements, int samples, const float *x, const float *dy, float *dx) {
  const unsigned i = blockIdx.x * 256 + threadIdx.x;
  if (i >= elements) return;
  const Exponentials of = exponentials(elements, samples, x, i);
  const float scale = dy[i] / of.sum;
  for (int s = 0; s < samples; s++) {
    const size_t at = (size_t)s * elements + i;
    dx[at] = scale * expf(x[at] - of.largest);
  }
}

// Mean and second central moment over the samples of x [S*B, D]; a thread owns one element of [B, D] and reads its samples
// twice, the second time from the cache, so that the moment is of small numbers
extern "C" __global__ void __launch_bounds__(256)
    sample_moments(unsigned elements, int samples, const float *x, float *mean, float *variance) {
  const unsigned i = blockIdx.x * 256 + threadIdx.x;
  if (i >= elements) return;
  float sum = 0, squares = 0;
  for (int s = 0; s < samples; s++) sum += x[(size_t)s * elements + i];
  const float center = sum / samples;
  for (int s = 0; s < samples; s++) {
    const float deviation = x[(size_t)s * elements + i] - center;
    squares = fmaf(deviation, deviation, squares);
  }
  mean[i] = center;
  variance[i] = squares / samples;
}
