package dev.elbo.device.cpu;

import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update;
import java.util.Arrays;

/** Steps of optimizers; nothing is written when the guard is not finite. */
final class UpdateKernel {
  private UpdateKernel() {}

  static Kernel of(Update op, Binding b) {
    return switch (op) {
      case Update.AdamUpdate adam -> adam(adam, b);
      case Update.SgdUpdate sgd -> sgd(sgd, b);
      case Update.IvonUpdate ivon -> ivon(ivon, b);
      case Update.FusedUpdate fused -> fused(fused, b);
    };
  }

  private static boolean finite(Binding b) {
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
                n));
  }

  /** The gradient, the divergence and the step of each tile, while it is in the cache. */
  private static Kernel fused(Update.FusedUpdate op, Binding b) {
    int inputs = b.inputs().size();
    int parameter = op.mu(inputs);
    CpuBuffer mu = b.in(parameter);
    CpuBuffer logSigma = b.in(parameter + 1);
    CpuBuffer upstream = b.in(Update.FusedUpdate.UPSTREAM);
    GradientSource gradient =
        GradientSource.of(
            op.gradient(), b.inputs().subList(Update.FusedUpdate.GRADIENT, parameter + 2), b);
    DivergenceSource divergence = DivergenceSource.of(op.divergence(), b, parameter);
    StepSource step =
        StepSource.of(
            op.rule(),
            b.in(Update.LEARNING_RATE),
            mu,
            logSigma,
            b.inputs().subList(op.state(inputs), inputs),
            b.run());
    // With IVON the prior acts through the weight decay and the divergence is only reported.
    boolean reported = op.rule() instanceof StepRule.Ivon;
    TileGrid grid = TileGrid.of(mu.shape());
    double[] sums = new double[DivergenceSource.SUMS * grid.blocks()];
    Workers.Task task =
        (block, scratch) -> {
          Tile tile = scratch.tile;
          grid.place(block, tile);
          gradient.fill(tile, scratch.weights);
          float factor = reported ? 0 : upstream.scalar();
          int at = DivergenceSource.SUMS * block;
          for (int r = 0; r < tile.rows; r++) {
            tile.load(r, mu, logSigma);
            gradient.finish(tile, r);
            divergence.addRow(tile, r, factor, sums, at);
          }
          divergence.addDrawn(tile, mu, logSigma, factor, sums, at);
          for (int r = 0; r < tile.rows && finite(b); r++) {
            step.step(tile, r);
          }
        };
    boolean shared = op.flops(b.node().inputShapes()) >= Tiles.SHARED_FLOPS;
    return () -> {
      Arrays.fill(sums, 0);
      gradient.prepare().run();
      step.prepare();
      b.workers().run(grid.blocks(), shared, task);
      CpuBuffer value = b.out(0);
      value.set(0, DivergenceKernel.total(sums, 0));
      if (op.divergence().priorParameters() == 1) {
        CpuBuffer dPrior = b.out(1);
        dPrior.set(0, (upstream.scalar() * DivergenceKernel.total(sums, 1)));
      }
    };
  }
}
