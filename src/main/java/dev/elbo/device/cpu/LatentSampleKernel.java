package dev.elbo.device.cpu;

import dev.elbo.graph.LatentSample;
import dev.elbo.graph.LatentSampleBackward;

/** Latent variables, a draw for each example and sample, and their gradient. */
final class LatentSampleKernel {
  private LatentSampleKernel() {}

  static Kernel of(LatentSample op, Binding b) {
    CpuBuffer mean = b.in(0);
    CpuBuffer logSigma = b.in(1);
    CpuBuffer z = b.out(0);
    Draws draws = new Draws(op.noise(), b.run());
    int each = z.elements() / op.noise().samples();
    return Ranges.samples(
        b.workers(),
        op.noise().samples(),
        each,
        (sample, from, count, scratch) -> {
          int at = op.shared() ? from : sample * each + from;
          int eps = draws.linear(sample, from, count, scratch.noise);
          Lanes.sample(
              mean.array(),
              mean.offset() + at,
              logSigma.array(),
              logSigma.offset() + at,
              draws.sign(sample),
              scratch.noise,
              eps,
              scratch.noise,
              eps,
              count);
          System.arraycopy(scratch.noise, eps, z.array(), z.offset() + sample * each + from, count);
        });
  }

  /** A range of the parameters takes its samples in order, so that sums have one order. */
  static Kernel backward(LatentSampleBackward op, Binding b) {
    CpuBuffer dz = b.in(0);
    CpuBuffer logSigma = b.in(1);
    CpuBuffer dMean = b.out(0);
    CpuBuffer dLogSigma = b.out(1);
    Draws draws = new Draws(op.noise(), b.run());
    int samples = op.noise().samples();
    int each = dz.elements() / samples;
    int summed = op.shared() ? samples : 1;
    return Ranges.samples(
        b.workers(),
        samples / summed,
        each,
        (own, from, count, scratch) -> {
          int at = own * each + from;
          for (int i = 0; i < count; i++) {
            dMean.array()[dMean.offset() + at + i] = 0;
            dLogSigma.array()[dLogSigma.offset() + at + i] = 0;
          }
          for (int s = own; s < own + summed; s++) {
            int eps = draws.linear(s, from, count, scratch.noise);
            int dzAt = dz.offset() + s * each + from;
            int meanAt = dMean.offset() + at;
            Lanes.perturbation(
                logSigma.array(), logSigma.offset() + at, draws.sign(s), scratch.noise, eps, count);
            Lanes.add(dMean.array(), meanAt, dz.array(), dzAt, dMean.array(), meanAt, count);
            Lanes.addProduct(
                1,
                dz.array(),
                dzAt,
                scratch.noise,
                eps,
                dLogSigma.array(),
                dLogSigma.offset() + at,
                count);
          }
        });
  }
}
