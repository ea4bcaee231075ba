// Operations that move elements and compute nothing.
// A thread owns one element of the result (of the input in concatenate); it reads and writes 4 bytes.

__device__ __forceinline__ unsigned element() { return blockIdx.x * blockDim.x + threadIdx.x; }

// The columns of x [R, x_columns] to columns from... of y [R, columns]; launched for each input
extern "C" __global__ void __launch_bounds__(256)
    concatenate(unsigned x_elements, int x_columns, int columns, int from, const float *x, float *y) {
  const unsigned i = element();
  if (i < x_elements) y[(size_t)(i / x_columns) * columns + from + i % x_columns] = x[i];
}

// y [R, columns]: columns from... of x [R, x_columns]
extern "C" __global__ void __launch_bounds__(256)
    slice_columns(unsigned elements, int columns, int x_columns, int from, const float *x, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = x[(size_t)(i / columns) * x_columns + from + i % columns];
}

// y [R, columns]: x [R, x_columns] from column `before`, and zeros
extern "C" __global__ void __launch_bounds__(256)
    pad_columns(unsigned elements, int columns, int x_columns, int before, const float *x, float *y) {
  const unsigned i = element();
  if (i >= elements) return;
  const int column = (int)(i % columns) - before;
  y[i] = column >= 0 && column < x_columns ? x[(size_t)(i / columns) * x_columns + column] : 0.0f;
}

// The whole of x again and again
extern "C" __global__ void __launch_bounds__(256)
    repeat_rows(unsigned elements, unsigned x_elements, const float *x, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = x[i % x_elements];
}

// y [R, count]: the number of each row of x [R, 1], side by side
extern "C" __global__ void __launch_bounds__(256)
    repeat_columns(unsigned elements, int count, const float *x, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = x[i / count];
}

// y [N, R]: x [R, N] with rows as columns
extern "C" __global__ void __launch_bounds__(256)
    transpose(unsigned elements, int columns, int x_columns, const float *x, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = x[(size_t)(i % columns) * x_columns + i / columns];
}

// y [S*B, columns]: rows of a table [N, columns] for each sample, by the numbers of one sample's rows or of all
extern "C" __global__ void __launch_bounds__(256)
    gather_rows(unsigned elements, int columns, unsigned rows_of_sample, unsigned table_rows, unsigned numbers,
                const float *table, const float *rows, float *y) {
  const unsigned i = element();
  if (i >= elements) return;
  const unsigned row = i / columns;
  const size_t from = (size_t)(row / rows_of_sample) * table_rows + (size_t)rows[row % numbers];
  y[i] = table[from * columns + i % columns];
}

// A scalar everywhere
extern "C" __global__ void __launch_bounds__(256) fill(unsigned elements, const float *x, float *y) {
  const unsigned i = element();
  if (i < elements) y[i] = *x;
}
