// ColumnSample: y = mean + std eps for S samples of [rows, columns], one eps a column and sample, at the linear index of the
// column. A thread owns four neighbouring columns of eight rows, one Philox block a sample. Bytes an element of y: 4, and 8 an
// element of mean for each sample.
#include "sampled.cuh"

constexpr int ROWS = 8;

extern "C" __global__ void __launch_bounds__(256)
    column_sample(const Run *run, int site, int antithetic, int samples, int rows, int columns, const float *mean,
                  const float *std, float *y) {
  const int blocks = (columns + 3) / 4, bands = (rows + ROWS - 1) / ROWS;
  const unsigned thread = blockIdx.x * 256 + threadIdx.x;
  if (thread >= (unsigned)samples * bands * blocks) return;
  const int block = thread % blocks, band = thread / blocks % bands, sample = thread / blocks / bands;
  const float4 normals = normals_of_block(Site{run, site, antithetic}.of_sample(sample), block);
  const Quad eps = {{normals.x, normals.y, normals.z, normals.w}};
  for (int row = band * ROWS; row < rows && row < (band + 1) * ROWS; row++) {
#pragma unroll
    for (int e = 0; e < 4; e++) {
      const int column = 4 * block + e;
      if (column >= columns) continue;
      const size_t at = (size_t)row * columns + column;
      y[(size_t)sample * rows * columns + at] = fmaf(std[at], eps.values[e], mean[at]);
    }
  }
}
