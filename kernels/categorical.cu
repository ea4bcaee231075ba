// Categorical likelihood: log softmax(logits)_label of each row, and its gradient upstream ((c = label) - softmax_c).
// logits [S*B, C], labels [B, 1], upstream and y [S*B, 1]; row s*B + b meets label b. A warp owns a row, a lane each 32nd
// class of it: forward reads the logits once, backward twice (the second time from the cache) and writes as many.
#include "flush.cuh"
#include "reduce.cuh"

// What a row's probabilities need: the largest logit, and e^(logit - largest) of the label and summed over the others.
// They are kept apart so that neither a small loss nor a small gradient is the difference of numbers around 1.
struct Softmax {
  float largest, label, others;
};

// In one pass: a lane's sum is rescaled when it meets a larger logit.
__device__ __forceinline__ Softmax softmax(int classes, const float *logits, int label) {
  float largest = logits[label], others = 0;
  for (int c = threadIdx.x % 32; c < classes; c += 32) {
    const float logit = logits[c];
    if (c == label) continue;
    if (logit > largest) {
      others *= expf(largest - logit);
      largest = logit;
    }
    others += expf(logit - largest);
  }
  const float of_row = warp_max(largest);
  return {of_row, expf(logits[label] - of_row), warp_sum(others * expf(largest - of_row))};
}

extern "C" __global__ void __launch_bounds__(256)
    categorical(int rows, int classes, int examples, const float *logits, const float *labels, float *y) {
  const int row = blockIdx.x * 8 + threadIdx.x / 32;
  if (row >= rows) return;
  const float *of_row = logits + (size_t)row * classes;
  const int label = (int)labels[row % examples];
  const Softmax p = softmax(classes, of_row, label);
  if (threadIdx.x % 32 != 0) return;
  y[row] = p.label == 1.0f ? -log1pf(p.others) : of_row[label] - p.largest - logf(p.label + p.others);
}

extern "C" __global__ void __launch_bounds__(256)
    categorical_backward(int rows, int classes, int examples, const float *upstream, const float *logits,
                         const float *labels, float *d_logits) {
  const int row = blockIdx.x * 8 + threadIdx.x / 32;
  if (row >= rows) return;
  const float *of_row = logits + (size_t)row * classes;
  const int label = (int)labels[row % examples];
  const Softmax p = softmax(classes, of_row, label);
  const float factor = upstream[row] / (p.label + p.others);
  for (int c = threadIdx.x % 32; c < classes; c += 32) {
    const float slope = c == label ? p.others : -expf(of_row[c] - p.largest);
    d_logits[(size_t)row * classes + c] = flush(factor * slope);
  }
}
