// Causal self-attention and its gradient (Dao et al. 2022), float32: in each sequence of `length` rows and each head of
// `width` columns y = softmax(scale q kT) v, a row meeting itself and those before it. qkv [R, 3 D], D = heads * width, the
// columns of q, k and v side by side, head by head; y and dy [R, D]; log_sums [R, heads], the logarithm of each row's sum of
// exponentials; deltas [R, heads], the sum of dy y over the head's columns.
// A block owns 16 rows of one sequence and head, blockIdx.x = (sequence * heads + head) * tiles + tile. Forward and dq: its
// rows are queries, which meet keys and values in tiles of 32, and the softmax is rescaled when a tile brings a larger score.
// dk and dv: its rows are keys, which meet the queries from their own on. Scores are in registers only. A tile of keys is
// read once by each block that it meets, backwards one of its operands twice; results are written once, without atomics.
#include "attention.cuh"

struct Attention {
  int heads, length, width;
  float scale;
  const float *qkv;

  __device__ __forceinline__ int tiles() const { return (length + OWN_ROWS - 1) / OWN_ROWS; }
  __device__ __forceinline__ int first() const { return (int)(blockIdx.x % tiles()) * OWN_ROWS; }
  __device__ __forceinline__ int head() const { return (int)(blockIdx.x / tiles()) % heads; }
  __device__ __forceinline__ size_t sequence_row() const { return (size_t)(blockIdx.x / tiles() / heads) * length; }

  // The head's part 0 (q), 1 (k) or 2 (v) of qkv or of what has its shape.
  __device__ __forceinline__ size_t part_at(int part) const {
    return (3 * sequence_row() + part) * heads * width + head() * width;
  }
  __device__ __forceinline__ HeadRows part(int which) const { return {qkv + part_at(which), 3 * heads * width, width, length}; }

  // The head in y or in what has its shape.
  __device__ __forceinline__ size_t result_at() const { return sequence_row() * heads * width + head() * width; }
  __device__ __forceinline__ HeadRows result(const float *of) const { return {of + result_at(), heads * width, width, length}; }

  // A row's number in log_sums and deltas.
  __device__ __forceinline__ size_t statistic(int row) const { return (sequence_row() + row) * heads + head(); }
};

template <int WIDTH>
__device__ __forceinline__ void attention_forward(const Attention &in, float *y, float *log_sums) {
  __shared__ AttentionStaging<WIDTH, 1> staging;
  float sums[WARP_ROWS][WIDTH / 32] = {}, largest[WARP_ROWS], totals[WARP_ROWS] = {}, factors[WARP_ROWS];
  for (int i = 0; i < WARP_ROWS; i++) largest[i] = -INFINITY;
  const int first = in.first(), lane = threadIdx.x % 32;
  load_rows<OWN_ROWS, WIDTH>(staging.own[0], in.part(0), first);
  for (int key = 0; key < first + OWN_ROWS && key < in.length; key += OTHER_ROWS) {
    float p[WARP_ROWS];
    load_others<WIDTH>(staging.others, in.part(1), key);
    row_products<WIDTH>(staging.own[0], staging.others, p);
#pragma unroll
    for (int i = 0; i < WARP_ROWS; i++) {
      const bool seen = key + lane <= first + first_of_warp() + i && key + lane < in.length;
      const float score = seen ? in.scale * p[i] : -INFINITY;
      const float before = largest[i];
      largest[i] = fmaxf(before, warp_max(score));
      p[i] = expf(score - largest[i]);
      const float kept = expf(before - largest[i]);
      totals[i] = fmaf(totals[i], kept, warp_sum(p[i]));
      for (int c = 0; c < WIDTH / 32; c++) sums[i][c] *= kept;
    }
    load_others<WIDTH>(staging.others, in.part(2), key);
    add_weighted<WIDTH>(staging.weights, p, staging.others, sums);
  }
#pragma unroll
  for (int i = 0; i < WARP_ROWS; i++) {
    const int row = first + first_of_warp() + i;
    factors[i] = 1.0f / totals[i];
    if (lane == 0 && row < in.length) log_sums[in.statistic(row)] = largest[i] + logf(totals[i]);
  }
  store_rows<WIDTH>(sums, factors, in.result(y), first, y + in.result_at());
}

// Probabilities below 1e-20 are 0 where gradients are made of them, as on the CPU.
__device__ __forceinline__ float probability(float score, float log_sum) {
  const float p = expf(score - log_sum);
  return p < 1e-20f ? 0.0f : p;
}

template <int WIDTH>
__device__ __forceinline__ void attention_backward_queries(const Attention &in, const float *dy, const float *log_sums,
                                                           const float *deltas, float *dqkv) {
  __shared__ AttentionStaging<WIDTH, 2> staging;
  float sums[WARP_ROWS][WIDTH / 32] = {}, factors[WARP_ROWS];
  const int first = in.first(), lane = threadIdx.x % 32;
  load_rows<OWN_ROWS, WIDTH>(staging.own[0], in.part(0), first);
  load_rows<OWN_ROWS, WIDTH>(staging.own[1], in.result(dy), first);
  for (int key = 0; key < first + OWN_ROWS && key < in.length; key += OTHER_ROWS) {
    float scores[WARP_ROWS], gradients[WARP_ROWS];
    load_others<WIDTH>(staging.others, in.part(2), key);
    row_products<WIDTH>(staging.own[1], staging.others, gradients);
    load_others<WIDTH>(staging.others, in.part(1), key);
    row_products<WIDTH>(staging.own[0], staging.others, scores);
#pragma unroll
    for (int i = 0; i < WARP_ROWS; i++) {
      const int row = first + first_of_warp() + i;
      const bool seen = key + lane <= row && row < in.length;
      const size_t at = in.statistic(seen ? row : 0);
      gradients[i] = seen ? probability(in.scale * scores[i], log_sums[at]) * (gradients[i] - deltas[at]) : 0.0f;
    }
    add_weighted<WIDTH>(staging.weights, gradients, staging.others, sums);
  }
  for (int i = 0; i < WARP_ROWS; i++) factors[i] = in.scale;
  store_rows<WIDTH>(sums, factors, in.part(0), first, dqkv + in.part_at(0));
}

template <int WIDTH>
__device__ __forceinline__ void attention_backward_keys(const Attention &in, const float *dy, const float *log_sums,
                                                        const float *deltas, float *dqkv) {
  __shared__ AttentionStaging<WIDTH, 2> staging;
  float d_keys[WARP_ROWS][WIDTH / 32] = {}, d_values[WARP_ROWS][WIDTH / 32] = {}, factors[WARP_ROWS];
  const int first = in.first(), lane = threadIdx.x % 32;
  load_rows<OWN_ROWS, WIDTH>(staging.own[0], in.part(1), first);
  load_rows<OWN_ROWS, WIDTH>(staging.own[1], in.part(2), first);
  for (int query = first / OTHER_ROWS * OTHER_ROWS; query < in.length; query += OTHER_ROWS) {
    float p[WARP_ROWS], gradients[WARP_ROWS];
    load_others<WIDTH>(staging.others, in.part(0), query);
    row_products<WIDTH>(staging.own[0], staging.others, p);
    load_others<WIDTH>(staging.others, in.result(dy), query);
    row_products<WIDTH>(staging.own[1], staging.others, gradients);
    const bool exists = query + lane < in.length;
    const size_t at = in.statistic(exists ? query + lane : 0);
    const float log_sum = log_sums[at], delta = deltas[at];
#pragma unroll
    for (int i = 0; i < WARP_ROWS; i++) {
      const bool seen = exists && first + first_of_warp() + i <= query + lane;
      p[i] = seen ? probability(in.scale * p[i], log_sum) : 0.0f;
      gradients[i] = seen ? p[i] * (gradients[i] - delta) : 0.0f;
    }
    add_weighted<WIDTH>(staging.weights, p, staging.others, d_values);
    load_others<WIDTH>(staging.others, in.part(0), query);
    add_weighted<WIDTH>(staging.weights, gradients, staging.others, d_keys);
  }
  for (int i = 0; i < WARP_ROWS; i++) factors[i] = in.scale;
  store_rows<WIDTH>(d_keys, factors, in.part(1), first, dqkv + in.part_at(1));
  for (int i = 0; i < WARP_ROWS; i++) factors[i] = 1;
  store_rows<WIDTH>(d_values, factors, in.part(2), first, dqkv + in.part_at(2));
}

// A warp owns a row of a head.
extern "C" __global__ void __launch_bounds__(256)
    causal_attention_deltas(int count, int width, const float *dy, const float *y, float *deltas) {
  const int at = blockIdx.x * 8 + threadIdx.x / 32;
  if (at >= count) return;
  float sum = 0;
  for (int c = threadIdx.x % 32; c < width; c += 32) {
    sum = fmaf(dy[(size_t)at * width + c], y[(size_t)at * width + c], sum);
  }
  sum = warp_sum(sum);
  if (threadIdx.x % 32 == 0) deltas[at] = sum;
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_32(int heads, int length, int width, float scale, const float *qkv, float *y, float *log_sums) {
  attention_forward<32>({heads, length, width, scale, qkv}, y, log_sums);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_backward_queries_32(int heads, int length, int width, float scale, const float *dy, const float *qkv,
                                         const float *log_sums, const float *deltas, float *dqkv) {
  attention_backward_queries<32>({heads, length, width, scale, qkv}, dy, log_sums, deltas, dqkv);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_backward_keys_32(int heads, int length, int width, float scale, const float *dy, const float *qkv,
                                      const float *log_sums, const float *deltas, float *dqkv) {
  attention_backward_keys<32>({heads, length, width, scale, qkv}, dy, log_sums, deltas, dqkv);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_64(int heads, int length, int width, float scale, const float *qkv, float *y, float *log_sums) {
  attention_forward<64>({heads, length, width, scale, qkv}, y, log_sums);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_backward_queries_64(int heads, int length, int width, float scale, const float *dy, const float *qkv,
                                         const float *log_sums, const float *deltas, float *dqkv) {
  attention_backward_queries<64>({heads, length, width, scale, qkv}, dy, log_sums, deltas, dqkv);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_backward_keys_64(int heads, int length, int width, float scale, const float *dy, const float *qkv,
                                      const float *log_sums, const float *deltas, float *dqkv) {
  attention_backward_keys<64>({heads, length, width, scale, qkv}, dy, log_sums, deltas, dqkv);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_128(int heads, int length, int width, float scale, const float *qkv, float *y, float *log_sums) {
  attention_forward<128>({heads, length, width, scale, qkv}, y, log_sums);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_backward_queries_128(int heads, int length, int width, float scale, const float *dy, const float *qkv,
                                         const float *log_sums, const float *deltas, float *dqkv) {
  attention_backward_queries<128>({heads, length, width, scale, qkv}, dy, log_sums, deltas, dqkv);
}

extern "C" __global__ void __launch_bounds__(128)
    causal_attention_backward_keys_128(int heads, int length, int width, float scale, const float *dy, const float *qkv,
                                      const float *log_sums, const float *deltas, float *dqkv) {
  attention_backward_keys<128>({heads, length, width, scale, qkv}, dy, log_sums, deltas, dqkv);
}
