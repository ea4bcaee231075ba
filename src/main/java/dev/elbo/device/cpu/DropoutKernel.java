package dev.elbo.device.cpu;

import dev.elbo.graph.Dropout;

/** Masks that are drawn where they are needed. */
final class DropoutKernel {
  private DropoutKernel() {}

  static Kernel of(Dropout op, Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    Draws draws = new Draws(op.noise(), b.run());
    int each = x.elements() / op.noise().samples();
    long threshold = op.threshold();
    float kept = (float) (1 / (1 - op.probability()));
    return Ranges.samples(
        b.workers(),
        op.noise().samples(),
        each,
        (sample, from, count, scratch) -> {
          draws.masks(sample, from, count, threshold, kept, scratch.noise);
          int at = sample * each + from;
          Lanes.multiply(
              x.array(), x.offset() + at, scratch.noise, 0, y.array(), y.offset() + at, count);
        });
  }
}
