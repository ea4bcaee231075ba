package dev.elbo.device.cpu;

import dev.elbo.graph.Update;

/** Steps of optimizers; nothing is written when the guard is not finite. */
final class UpdateKernel {
  private UpdateKernel() {}

  static Kernel of(Update op, Binding b) {
    return switch (op) {
      case Update.AdamUpdate adam -> adam(adam, b);
      case Update.SgdUpdate sgd -> sgd(sgd, b);
      case Update.IvonUpdate ivon -> ivon(ivon, b);
      case Update.FusedUpdate fused -> FusedUpdateKernel.of(fused, b);
    };
  }

  /** Whether a step may be taken. */
  static boolean finite(Binding b) {
    return Float.isFinite(b.in(Update.GUARD).scalar());
  }

  private static Kernel guarded(Binding b, Kernel prepare, Ranges.Body body) {
    Kernel step = Ranges.draws(b.workers(), b.in(2).elements(), body);
    return () -> {
      if (finite(b)) {
        prepare.run();
        step.run();
      }
    };
  }

  private static Kernel adam(Update.AdamUpdate op, Binding b) {
    AdamLanes lanes = new AdamLanes(op.rule(), b.in(Update.LEARNING_RATE), b.run());
    CpuBuffer p = b.in(2);
    CpuBuffer g = b.in(3);
    CpuBuffer m = b.in(4);
    CpuBuffer v = b.in(5);
    return guarded(
        b,
        lanes::prepare,
        (i, n, scratch) ->
            lanes.step(
                p.array(),
                p.offset() + i,
                g.array(),
                g.offset() + i,
                m.array(),
                m.offset() + i,
                v.array(),
                v.offset() + i,
                n));
  }

  private static Kernel sgd(Update.SgdUpdate op, Binding b) {
    SgdLanes lanes = new SgdLanes(op.rule(), b.in(Update.LEARNING_RATE));
    CpuBuffer p = b.in(2);
    CpuBuffer g = b.in(3);
    CpuBuffer u = b.in(4);
    return guarded(
        b,
        lanes::prepare,
        (i, n, scratch) ->
            lanes.step(
                p.array(),
                p.offset() + i,
                g.array(),
                g.offset() + i,
                u.array(),
                u.offset() + i,
                n));
  }

  private static Kernel ivon(Update.IvonUpdate op, Binding b) {
    IvonLanes lanes = new IvonLanes(op.rule(), b.in(Update.LEARNING_RATE), b.run());
    CpuBuffer dMu = b.in(4);
    CpuBuffer dLogSigma = b.in(5);
    return guarded(
        b,
        lanes::prepare,
        (i, n, scratch) ->
            lanes.step(
                b.in(2),
                b.in(3),
                dMu.array(),
                dMu.offset() + i,
                dLogSigma.array(),
                dLogSigma.offset() + i,
                b.in(6),
                b.in(7),
                i,
                n,
                scratch.tile.sigma));
  }
}
