// CholeskyFactor: L = a below the diagonal, exp(log_diagonal) on it, 0 above, and its gradient; a thread owns an element.
// LogDeterminant: log det A = 2 sum log L_ii with A = L L^T, and its gradient dy A^-1, in double precision. One block owns the
// whole matrix, which is small: column by column it scales and subtracts; for the inverse a thread owns a column.

extern "C" __global__ void __launch_bounds__(256)
    cholesky_factor(unsigned elements, int n, const float *a, const float *log_diagonal, float *l) {
  const unsigned at = blockIdx.x * 256 + threadIdx.x;
  if (at >= elements) return;
  const unsigned i = at / n, j = at % n;
  l[at] = j < i ? a[at] : j == i ? expf(log_diagonal[i]) : 0.0f;
}

extern "C" __global__ void __launch_bounds__(256)
    cholesky_factor_backward(unsigned elements, int n, const float *dl, const float *log_diagonal, float *da,
                             float *dlog_diagonal) {
  const unsigned at = blockIdx.x * 256 + threadIdx.x;
  if (at >= elements) return;
  const unsigned i = at / n, j = at % n;
  da[at] = j < i ? dl[at] : 0.0f;
  if (j == i) dlog_diagonal[i] = dl[at] * expf(log_diagonal[i]);
}

// L of the symmetric part of a, in the lower triangle of l; called by all threads of the one block.
__device__ __forceinline__ void cholesky(int n, const float *a, double *l) {
  for (int at = threadIdx.x; at < n * n; at += 256) l[at] = 0.5 * a[at] + 0.5 * a[at % n * n + at / n];
  __syncthreads();
  for (int k = 0; k < n; k++) {
    if (threadIdx.x == 0) l[k * n + k] = sqrt(l[k * n + k]);
    __syncthreads();
    for (int i = k + 1 + threadIdx.x; i < n; i += 256) l[i * n + k] /= l[k * n + k];
    __syncthreads();
    for (int i = k + 1 + threadIdx.x; i < n; i += 256) {
      for (int j = k + 1; j <= i; j++) l[i * n + j] -= l[i * n + k] * l[j * n + k];
    }
    __syncthreads();
  }
}

extern "C" __global__ void __launch_bounds__(256) log_determinant(int n, const float *a, double *l, float *y) {
  cholesky(n, a, l);
  if (threadIdx.x != 0) return;
  double sum = 0;
  for (int i = 0; i < n; i++) sum += log(l[i * n + i]);
  *y = (float)(2 * sum);
}

// x is room for the columns of the inverse, each in a row of its own
extern "C" __global__ void __launch_bounds__(256)
    log_determinant_backward(int n, const float *a, const float *dy, double *l, double *x, float *da) {
  cholesky(n, a, l);
  for (int j = threadIdx.x; j < n; j += 256) {
    double *column = x + (size_t)j * n;
    for (int i = 0; i < n; i++) {
      double sum = i == j ? 1 : 0;
      for (int k = 0; k < i; k++) sum -= l[i * n + k] * column[k];
      column[i] = sum / l[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = column[i];
      for (int k = i + 1; k < n; k++) sum -= l[k * n + i] * column[k];
      column[i] = sum / l[i * n + i];
      da[i * n + j] = (float)(*dy * column[i]);
    }
  }
}
