// Layer normalisation: y = (x - mean) rstd gamma + beta for each row of x [R, N], rstd = 1 / sqrt(variance + epsilon); row r
// takes row r / rows_of_group of gamma and beta [G, N]. With n = (x - mean) rstd and g = dy gamma, backwards
// dx = rstd (g - mean(g) - n mean(g n)), dgamma the sum of dy n over a group's rows, dbeta that of dy.
// For y and dx a warp owns a row, a lane each 32nd column of it: what a row reads comes once from memory and again from the
// cache. For dgamma and dbeta a block owns 32 columns of a part of a group's rows, a warp each eighth row of it.
#include "reduce.cuh"

__device__ __forceinline__ int row_of_warp() { return blockIdx.x * 8 + threadIdx.x / 32; }

extern "C" __global__ void __launch_bounds__(256)
    layer_norm(int rows, int columns, int rows_of_group, float epsilon, const float *x, const float *gamma,
               const float *beta, float *y, float *means, float *rstds) {
  const int row = row_of_warp(), lane = threadIdx.x % 32;
  if (row >= rows) return;
  const float *own = x + (size_t)row * columns;
  float sum = 0, squares = 0;
  for (int c = lane; c < columns; c += 32) sum += own[c];
  const float mean = warp_sum(sum) / columns;
  for (int c = lane; c < columns; c += 32) squares = fmaf(own[c] - mean, own[c] - mean, squares);
  const float rstd = 1.0f / sqrtf(warp_sum(squares) / columns + epsilon);
  const size_t group = (size_t)(row / rows_of_group) * columns;
  for (int c = lane; c < columns; c += 32) {
    y[(size_t)row * columns + c] = fmaf((own[c] - mean) * rstd, gamma[group + c], beta[group + c]);
  }
  if (lane != 0) return;
  means[row] = mean;
  rstds[row] = rstd;
}

extern "C" __global__ void __launch_bounds__(256)
    layer_norm_backward(int rows, int columns, int rows_of_group, const float *dy, const float *x, const float *gamma,
                        const float *means, const float *rstds, float *dx) {
  const int row = row_of_warp(), lane = threadIdx.x % 32;
  if (row >= rows) return;
  const size_t at = (size_t)row * columns, group = (size_t)(row / rows_of_group) * columns;
  const float mean = means[row], rstd = rstds[row];
  float sum = 0, products = 0;
  for (int c = lane; c < columns; c += 32) {
    const float g = dy[at + c] * gamma[group + c];
    sum += g;
    products = fmaf(g, (x[at + c] - mean) * rstd, products);
  }
  const float mean_gradient = warp_sum(sum) / columns, mean_product = warp_sum(products) / columns;
  for (int c = lane; c < columns; c += 32) {
    const float g = dy[at + c] * gamma[group + c], normal = (x[at + c] - mean) * rstd;
    dx[at + c] = rstd * (g - mean_gradient - normal * mean_product);
  }
}

// dgamma and dbeta [groups * parts, columns] of the parts; see sum_rows of reduction.cu
extern "C" __global__ void __launch_bounds__(256)
    layer_norm_parameters(int rows, int columns, int rows_of_part, const float *dy, const float *x, const float *means,
                          const float *rstds, float *d_gamma, float *d_beta) {
  const int strips = (columns + 31) / 32, parts = (rows + rows_of_part - 1) / rows_of_part;
  const int part = blockIdx.x / strips, column = blockIdx.x % strips * 32 + threadIdx.x % 32;
  const int begin = part % parts * rows_of_part, left = rows - begin;
  const int end = begin + (left < rows_of_part ? left : rows_of_part), first = part / parts * rows;
  float gamma = 0, beta = 0;
  for (int r = begin + threadIdx.x / 32; r < end && column < columns; r += 8) {
    const int row = first + r;
    const float gradient = dy[(size_t)row * columns + column];
    gamma = fmaf(gradient, (x[(size_t)row * columns + column] - means[row]) * rstds[row], gamma);
    beta += gradient;
  }
  gamma = sum_of_warps(gamma);
  beta = sum_of_warps(beta);
  if (threadIdx.x >= 32 || column >= columns) return;
  d_gamma[(size_t)part * columns + column] = gamma;
  d_beta[(size_t)part * columns + column] = beta;
}
