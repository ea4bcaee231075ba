package dev.elbo.device.cpu;

import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.WeightGradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The gradient, the divergence and the step of each tile, while it is in the cache. */
final class FusedUpdateKernel implements Kernel, Workers.Task {
  private final Binding b;
  private final CpuBuffer mu;
  private final CpuBuffer logSigma;
  private final CpuBuffer upstream;
  private final GradientSource gradient;
  private final DivergenceSource divergence;
  private final StepSource step;
  private final Optional<OnePass> onePass;

  /** Whether the gradient is that of stored weights, which is no product. */
  private final boolean stored;

  /** With IVON the prior acts through the weight decay and the divergence is only reported. */
  private final boolean reported;

  private final TileGrid grid;
  private final double[] sums;
  private final boolean shared;

  private FusedUpdateKernel(FusedUpdate op, Binding b) {
    int inputs = b.inputs().size();
    int parameter = op.mu(inputs);
    this.b = b;
    mu = b.in(parameter);
    logSigma = b.in(parameter + 1);
    upstream = b.in(FusedUpdate.UPSTREAM);
    gradient =
        GradientSource.of(
            op.gradient(), b.inputs().subList(FusedUpdate.GRADIENT, parameter + 2), b);
    // The gradient has come from the forward pass, which has stored the weights.
    divergence = DivergenceSource.of(op.divergence(), b, parameter, b.weights());
    CpuBuffer rate = b.in(Update.LEARNING_RATE);
    List<CpuBuffer> state = b.inputs().subList(op.state(inputs), inputs);
    step = StepSource.of(op.rule(), rate, mu, logSigma, state, b.run());
    List<CpuBuffer> tensors = new ArrayList<>(List.of(mu, logSigma));
    tensors.addAll(state);
    onePass = OnePass.of(divergence, gradient, op.rule(), rate, tensors, b.run());
    stored = op.gradient() instanceof WeightGradient.SampleBackward;
    reported = op.rule() instanceof StepRule.Ivon;
    grid = TileGrid.of(mu.shape());
    sums = new double[DivergenceSource.SUMS * grid.blocks()];
    shared = op.flops(b.node().inputShapes()) >= Tiles.SHARED_FLOPS;
  }

  static Kernel of(FusedUpdate op, Binding b) {
    return new FusedUpdateKernel(op, b);
  }

  @Override
  public void run() {
    Arrays.fill(sums, 0);
    gradient.prepare().run();
    step.prepare();
    onePass.ifPresent(OnePass::prepare);
    b.workers().run(grid.blocks(), shared, this);
    b.out(0).set(0, DivergenceKernel.total(sums, 0));
    if (b.outputs().size() > 1) {
      b.out(1).set(0, upstream.scalar() * DivergenceKernel.total(sums, 1));
    }
  }

  @Override
  public void run(int block, Scratch scratch) {
    Tile tile = scratch.tile;
    WeightTile weights = scratch.weights;
    grid.place(block, tile);
    boolean atOnce = onePass.isPresent() && UpdateKernel.finite(b);
    boolean flat = tile.narrow() && (stored || atOnce);
    if (flat && stored) {
      tile.flatten();
    }
    gradient.fill(tile, weights);
    if (flat && !stored) {
      flatten(tile, weights);
    }
    int at = DivergenceSource.SUMS * block;
    if (atOnce) {
      onePass.get().run(tile, weights, gradient, upstream.scalar(), sums, at);
    } else {
      passes(tile, weights, at);
    }
  }

  private void flatten(Tile tile, WeightTile weights) {
    if (gradient.ofDrawnWeights()) {
      weights.pack(tile.rows, tile.columns);
    }
    tile.flatten();
    tile.pack(tile.dMu);
    tile.pack(tile.dLogSigma);
  }

  private void passes(Tile tile, WeightTile weights, int at) {
    float factor = reported ? 0 : upstream.scalar();
    for (int r = 0; r < tile.rows; r++) {
      gradient.finish(tile, weights, r);
    }
    divergence.add(tile, mu, logSigma, factor, sums, at);
    for (int r = 0; r < tile.rows && UpdateKernel.finite(b); r++) {
      step.step(tile, r);
    }
  }
}
