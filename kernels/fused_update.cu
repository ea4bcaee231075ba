// FusedUpdate: weight gradient, divergence, optimizer step and the weights of the next step in one pass over the weights.
//   G = the gradient of the data term with respect to mu and log_sigma (weight_gradient.cuh, sample.cuh)
//   KL(q || p) and its gradient times upstream; Adam, SGD or IVON on mu and log_sigma, unless the guard is not finite
//   next [S*N, K] = mu + sigma eps of the next step, where W is kept ahead; else null
// x [S*B, K] or shared [B, K], dy [S*B, N], everything else [N, K]. A block of 256 threads owns a 64 x 64 tile of the
// weights, a thread four quads of it; of stored samples a thread owns four weights. Sums of the divergence as in
// divergence.cu. Bytes a weight and Adam step: 48, and for each sample 4 or, in bfloat16, 2 for next.
#include "bfloat16.cuh"
#include "float32.cuh"
#include "fused_update.cuh"
#include "sample.cuh"
#include "weight_gradient.cuh"

constexpr int QUADS = 4;  // of a thread

// The quad with that number, which is not known when compiling: chosen among registers, without memory.
__device__ __forceinline__ Quad quad_of(const Sums &sums, int number) {
  Quad quad;
#pragma unroll
  for (int e = 0; e < 4; e++) {
    const float upper = number & 1 ? sums.quads[0][1].values[e] : sums.quads[0][0].values[e];
    const float lower = number & 1 ? sums.quads[1][1].values[e] : sums.quads[1][0].values[e];
    quad.values[e] = number & 2 ? lower : upper;
  }
  return quad;
}

// Where it is.
__device__ __forceinline__ int quad_row(const Tile &tile, int number) {
  return tile.row + warp_row() + number / 2 * PATCH_ROWS + lane_row();
}

__device__ __forceinline__ int quad_column(const Tile &tile, int number) {
  return tile.column + warp_column() + number % 2 * PATCH_COLUMNS + lane_column();
}

// Operand is the type of W kept ahead.
template <class Gradient, class Operand>
__device__ __forceinline__ void fused_update(const Layer &layer, const Gradient &gradient, const Posterior &posterior,
                                             const Site &site, Operand *next, double *sums) {
  const Tile tile = tile_of_block(layer.outputs, layer.inputs);
  Sums dmu = {}, dspread = {};
  gradient.add(tile, dmu, dspread);
  DivergenceSums divergence = {};
#pragma unroll 1  // the quads one after the other: their work takes many registers and instructions
  for (int q = 0; q < QUADS; q++) {
    Quad mu = quad_of(dmu, q), log_sigma = quad_of(dspread, q);
    const FourWeights four = {layer.outputs, layer.inputs, 1, quad_row(tile, q), quad_column(tile, q)};
    update<Gradient>(posterior, four, mu, log_sigma, divergence);
    if (next != nullptr) draw_next(four, site, layer.samples, mu, log_sigma, next);
  }
  store_sums(divergence, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    fused_variational_linear_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                 int site, int antithetic, const float *x, const float *dy, const float *guard,
                                 const float *rate, const float *upstream, float *mu, float *log_sigma, float *state0,
                                 float *state1, float *state2, float *state3, int rule_kind, float r0, float r1, float r2,
                                 float r3, float r4, float r5, int prior_kind, float p0, float p1, float p2, float p3,
                                 const float *log_scale, int prior_site, int prior_samples, int prior_antithetic,
                                 double *sums, float *next) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const Site eps = {run, site, antithetic};
  const StepRule rule = {rule_kind, r0, r1, r2, r3, r4, r5};
  const Prior prior = {prior_kind, p0, p1, p2, p3, log_scale, prior_site, prior_samples, prior_antithetic, run};
  const Posterior q = kept_posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule,
                                        prior);
  fused_update(layer, NaiveGradient<F32>{layer, x, dy, eps}, q, eps, next, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    fused_variational_linear_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run,
                                  int site, int antithetic, const float *x, const float *dy, const float *guard,
                                  const float *rate, const float *upstream, float *mu, float *log_sigma, float *state0,
                                  float *state1, float *state2, float *state3, int rule_kind, float r0, float r1, float r2,
                                  float r3, float r4, float r5, int prior_kind, float p0, float p1, float p2, float p3,
                                  const float *log_scale, int prior_site, int prior_samples, int prior_antithetic,
                                  double *sums, unsigned short *next) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const Site eps = {run, site, antithetic};
  const StepRule rule = {rule_kind, r0, r1, r2, r3, r4, r5};
  const Prior prior = {prior_kind, p0, p1, p2, p3, log_scale, prior_site, prior_samples, prior_antithetic, run};
  const Posterior q = kept_posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule,
                                        prior);
  fused_update(layer, NaiveGradient<BF16>{layer, x, dy, eps}, q, eps, next, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    fused_local_linear_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                           int antithetic, const float *x, const float *dy, const float *std, const float *guard,
                           const float *rate, const float *upstream, float *mu, float *log_sigma, float *state0,
                           float *state1, float *state2, float *state3, int rule_kind, float r0, float r1, float r2,
                           float r3, float r4, float r5, int prior_kind, float p0, float p1, float p2, float p3,
                           const float *log_scale, int prior_site, int prior_samples, int prior_antithetic,
                           double *sums) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const Site eps = {run, site, antithetic};
  const StepRule rule = {rule_kind, r0, r1, r2, r3, r4, r5};
  const Prior prior = {prior_kind, p0, p1, p2, p3, log_scale, prior_site, prior_samples, prior_antithetic, run};
  const Posterior q = posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule,
                                   prior);
  fused_update(layer, LocalGradient<F32>{layer, x, dy, std, eps}, q, eps, (float *)nullptr, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    fused_local_linear_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                            int antithetic, const float *x, const float *dy, const float *std, const float *guard,
                            const float *rate, const float *upstream, float *mu, float *log_sigma, float *state0,
                            float *state1, float *state2, float *state3, int rule_kind, float r0, float r1, float r2,
                            float r3, float r4, float r5, int prior_kind, float p0, float p1, float p2, float p3,
                            const float *log_scale, int prior_site, int prior_samples, int prior_antithetic,
                            double *sums) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const Site eps = {run, site, antithetic};
  const StepRule rule = {rule_kind, r0, r1, r2, r3, r4, r5};
  const Prior prior = {prior_kind, p0, p1, p2, p3, log_scale, prior_site, prior_samples, prior_antithetic, run};
  const Posterior q = posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule,
                                   prior);
  fused_update(layer, LocalGradient<BF16>{layer, x, dy, std, eps}, q, eps, (float *)nullptr, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    fused_flipout_linear_f32(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                             int input_signs, int output_signs, int antithetic, const float *x, const float *dy,
                             const float *guard, const float *rate, const float *upstream, float *mu, float *log_sigma,
                             float *state0, float *state1, float *state2, float *state3, int rule_kind, float r0, float r1,
                             float r2, float r3, float r4, float r5, int prior_kind, float p0, float p1, float p2, float p3,
                             const float *log_scale, int prior_site, int prior_samples, int prior_antithetic,
                             double *sums) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite signs = {run, site, input_signs, output_signs, antithetic};
  const StepRule rule = {rule_kind, r0, r1, r2, r3, r4, r5};
  const Prior prior = {prior_kind, p0, p1, p2, p3, log_scale, prior_site, prior_samples, prior_antithetic, run};
  const Posterior q = posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule,
                                   prior);
  fused_update(layer, FlipoutGradient<F32>{layer, x, dy, signs}, q, {run, site, antithetic}, (float *)nullptr, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    fused_flipout_linear_bf16(int samples, int examples, int inputs, int outputs, int shared, const Run *run, int site,
                              int input_signs, int output_signs, int antithetic, const float *x, const float *dy,
                              const float *guard, const float *rate, const float *upstream, float *mu, float *log_sigma,
                              float *state0, float *state1, float *state2, float *state3, int rule_kind, float r0, float r1,
                              float r2, float r3, float r4, float r5, int prior_kind, float p0, float p1, float p2, float p3,
                              const float *log_scale, int prior_site, int prior_samples, int prior_antithetic,
                              double *sums) {
  const Layer layer = {samples, examples, inputs, outputs, shared};
  const FlipoutSite signs = {run, site, input_signs, output_signs, antithetic};
  const StepRule rule = {rule_kind, r0, r1, r2, r3, r4, r5};
  const Prior prior = {prior_kind, p0, p1, p2, p3, log_scale, prior_site, prior_samples, prior_antithetic, run};
  const Posterior q = posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule,
                                   prior);
  fused_update(layer, FlipoutGradient<BF16>{layer, x, dy, signs}, q, {run, site, antithetic}, (float *)nullptr, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    fused_sample(const Run *run, int site, int antithetic, int samples, int copies, int rows, int columns, int matrix,
                 const float *dw, const float *guard, const float *rate, const float *upstream, float *mu,
                 float *log_sigma, float *state0, float *state1, float *state2, float *state3, int rule_kind, float r0,
                 float r1, float r2, float r3, float r4, float r5, int prior_kind, float p0, float p1, float p2, float p3,
                 const float *log_scale, int prior_site, int prior_samples, int prior_antithetic, double *sums) {
  const FourWeights four = four_weights_of_thread(rows, columns, matrix);
  const StepRule rule = {rule_kind, r0, r1, r2, r3, r4, r5};
  const Prior prior = {prior_kind, p0, p1, p2, p3, log_scale, prior_site, prior_samples, prior_antithetic, run};
  const Posterior q = posterior_of(run, guard, rate, upstream, mu, log_sigma, state0, state1, state2, state3, rule,
                                   prior);
  DivergenceSums divergence = {};
  Quad dmu = {}, dsigma = {};
  SampleGradient{{run, site, antithetic}, samples, copies, dw}.add(four, dmu, dsigma);
  update<SampleGradient>(q, four, dmu, dsigma, divergence);
  store_sums(divergence, sums);
}
