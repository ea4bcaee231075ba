// Elementwise operations: each element from the elements at the same place.
// A thread owns one element; reads and writes 4 bytes an operand.
#include "philox.cuh"
#include "run.cuh"

// y = scale x
extern "C" __global__ void scale(int elements, float factor, const float *x, float *y) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < elements) y[i] = factor * x[i];
}
