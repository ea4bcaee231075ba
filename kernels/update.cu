// AdamUpdate, SgdUpdate, IvonUpdate: a step on a tensor of any shape, a thread an element; nothing is written when the guard
// is not finite. Bytes an element: Adam 28, SGD 20, IVON 40.
#include "optimizer.cuh"
#include "run.cuh"

extern "C" __global__ void __launch_bounds__(256)
    adam_update(long long elements, const Run *run, const float *guard, const float *rate, float decay1, float decay2,
                float epsilon, float *parameter, const float *gradient, float *m, float *v) {
  const long long i = (long long)blockIdx.x * 256 + threadIdx.x;
  if (i >= elements || !isfinite(*guard)) return;
  const StepRule rule = prepared({ADAM, decay1, decay2, epsilon}, *rate, run->step);
  adam(rule, parameter[i], gradient[i], m[i], v[i]);
}

extern "C" __global__ void __launch_bounds__(256)
    sgd_update(long long elements, const Run *run, const float *guard, const float *rate, float momentum,
               float *parameter, const float *gradient, float *velocity) {
  const long long i = (long long)blockIdx.x * 256 + threadIdx.x;
  if (i >= elements || !isfinite(*guard)) return;
  const StepRule rule = prepared({SGD, momentum}, *rate, run->step);
  sgd(rule, parameter[i], gradient[i], velocity[i]);
}

extern "C" __global__ void __launch_bounds__(256)
    ivon_update(long long elements, const Run *run, const float *guard, const float *rate, float decay1, float decay2,
                float ess, float delta, float scale, float clip, float *mu, float *log_sigma, const float *dmu,
                const float *dlog_sigma, float *g, float *h) {
  const long long i = (long long)blockIdx.x * 256 + threadIdx.x;
  if (i >= elements || !isfinite(*guard)) return;
  const StepRule rule = prepared({IVON, decay1, decay2, ess, delta, scale, clip}, *rate, run->step);
  ivon(rule, mu[i], log_sigma[i], dmu[i], dlog_sigma[i], g[i], h[i]);
}

// Fused updates leave IVON's log_sigma to follow from its Hessian. This writes it for those who read it.
extern "C" __global__ void __launch_bounds__(256)
    ivon_scales(long long elements, float ess, float delta, const float *h, float *log_sigma) {
  const long long i = (long long)blockIdx.x * 256 + threadIdx.x;
  if (i < elements) log_sigma[i] = ivon_log_sigma(ess, delta, h[i]);
}

// Sets what is 0 to 1 if a log_sigma is not what follows from its Hessian.
extern "C" __global__ void __launch_bounds__(256)
    ivon_scales_differ(long long elements, float ess, float delta, const float *h, const float *log_sigma,
                       float *differ) {
  const long long i = (long long)blockIdx.x * 256 + threadIdx.x;
  if (i < elements && !(log_sigma[i] == ivon_log_sigma(ess, delta, h[i]))) *differ = 1;
}
