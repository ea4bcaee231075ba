// The gradient of rows of tables: dy [S*R, columns], tokens [R] shared by the samples or [S*R], sums [S*V, columns], each
// row the sum of the rows of dy with its token. (Forward is gather_rows of rearrangement.cu.)
// A block owns 32 columns of one row of a sample's table. Its warps take turns at 32 tokens each, a lane looks at one, and
// the warp reads the rows of dy whose token it is. The tokens are read once a block, from the cache; dy is read once, the
// sums are written once.
#include "reduce.cuh"

extern "C" __global__ void __launch_bounds__(256)
    embedding_backward(int rows, int columns, int vocabulary, int shared, const float *dy, const float *tokens, float *sums) {
  const int strips = (columns + 31) / 32, lane = threadIdx.x % 32;
  const int to = blockIdx.x / strips, sample = to / vocabulary, token = to % vocabulary;
  const int column = blockIdx.x % strips * 32 + lane;
  const float *of_sample = dy + (size_t)sample * rows * columns;
  const float *own = tokens + (shared ? 0 : (size_t)sample * rows);
  float sum = 0;
  for (int first = threadIdx.x / 32 * 32; first < rows; first += 256) {
    const bool mine = first + lane < rows && (int)own[first + lane] == token;
    for (unsigned left = __ballot_sync(ALL_LANES, mine); left != 0; left &= left - 1) {
      const int row = first + __popc((left & -left) - 1);
      if (column < columns) sum += of_sample[(size_t)row * columns + column];
    }
  }
  sum = sum_of_warps(sum);
  if (threadIdx.x < 32 && column < columns) sums[(size_t)to * columns + column] = sum;
}
