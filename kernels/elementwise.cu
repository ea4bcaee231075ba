// Elementwise operations: each element of y from the elements at the same place of operands of the same shape.
// A thread owns one element; it reads and writes 4 bytes an operand.
#include "function.cuh"

__device__ __forceinline__ unsigned element() { return blockIdx.x * blockDim.x + threadIdx.x; }

// y = f(x)
extern "C" __global__ void __launch_bounds__(256) unary(int function, unsigned elements, const float *x, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = value(function, x[i]);
}

// dx = f'(x) dy
extern "C" __global__ void __launch_bounds__(256)
    unary_backward(int function, unsigned elements, const float *x, const float *dy, float *dx) {
  const unsigned i = element();
  if (i < elements) dx[i] = derivative(function, x[i]) * dy[i];
}

// y = a + b, b of the shape of a or a scalar
extern "C" __global__ void __launch_bounds__(256)
    add(unsigned elements, int scalar, const float *a, const float *b, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = a[i] + b[scalar ? 0 : i];
}

// y = a b, b of the shape of a or a scalar
extern "C" __global__ void __launch_bounds__(256)
    multiply(unsigned elements, int scalar, const float *a, const float *b, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = a[i] * b[scalar ? 0 : i];
}

// y = factor x
extern "C" __global__ void __launch_bounds__(256) scale(unsigned elements, float factor, const float *x, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = factor * x[i];
}

// y = x row: x [R, N], row [G, N], that of a row's group of R/G rows
extern "C" __global__ void __launch_bounds__(256)
    multiply_row(unsigned elements, int columns, int rows_of_group, const float *x, const float *row, float *y) {
  const unsigned i = element();
  if (i >= elements) return;
  y[i] = x[i] * row[i / columns / rows_of_group * columns + i % columns];
}

// y = x + bias: x [R, N], bias [G, N], the bias of a row's group of R/G rows
extern "C" __global__ void __launch_bounds__(256)
    add_bias(unsigned elements, int columns, int rows_of_group, const float *x, const float *bias, float *y) {
  const unsigned i = element();
  if (i >= elements) return;
  const unsigned row = i / columns, column = i % columns;
  y[i] = x[i] + bias[row / rows_of_group * columns + column];
}
