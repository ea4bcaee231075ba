package dev.elbo.device.cpu;

/** log (1/S) sum_s exp(x_s) over samples, and its gradient, in double precision. */
final class LogMeanExpKernel {
  private LogMeanExpKernel() {}

  static Kernel of(Binding b, int samples) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    int elements = y.elements();
    double logSamples = Math.log(samples);
    return Ranges.draws(
        b.workers(),
        elements,
        (from, count, scratch) -> {
          for (int i = from; i < from + count; i++) {
            y.set(i, logSumExp(x, samples, elements, i) - logSamples);
          }
        });
  }

  static Kernel backward(Binding b, int samples) {
    CpuBuffer x = b.in(0);
    CpuBuffer dy = b.in(1);
    CpuBuffer dx = b.out(0);
    int elements = dy.elements();
    return Ranges.draws(
        b.workers(),
        elements,
        (from, count, scratch) -> {
          for (int i = from; i < from + count; i++) {
            double total = logSumExp(x, samples, elements, i);
            for (int s = 0; s < samples; s++) {
              int at = s * elements + i;
              dx.set(at, dy.at(i) * Math.exp(x.at(at) - total));
            }
          }
        });
  }

  /** Of element i of every sample. */
  private static double logSumExp(CpuBuffer x, int samples, int elements, int i) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < samples; s++) {
      largest = Math.max(largest, x.at(s * elements + i));
    }
    double sum = 0;
    for (int s = 0; s < samples; s++) {
      sum += Math.exp(x.at(s * elements + i) - largest);
    }
    return largest + Math.log(sum);
  }
}
