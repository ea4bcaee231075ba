package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.LANES;

import dev.elbo.graph.StepRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The end of the gradient, the divergence and Adam's step in one pass over a row: the trainings
 * that most people run. Every stream of memory is read once, and all of them at the same time,
 * beside the arithmetic. For other priors and rules {@link GradientSource}, {@link
 * DivergenceSource} and {@link StepSource} do the same in passes of their own, to the same bits.
 */
final class OnePass {
  /** The loop over whole vectors. */
  interface Loop {
    /** Computes what is the same for all tiles of a run. */
    void prepare();

    /**
     * Steps on some elements, and adds to two vectors of sums what the divergence is made of.
     *
     * @param count whole vectors
     * @param upstream of the divergence
     * @param scratch whose mass is free
     */
    void run(Streams s, int count, float upstream, float[] sums, int sums0, Tile scratch);

    /** Adds the divergence of a tile from its sums, and what it has for the prior's parameter. */
    void divergence(Tile tile, double[] sums, int at);
  }

  private final Loop loop;

  /** In the order of {@link Streams}. */
  private final List<CpuBuffer> tensors;

  /** Whether the gradient in log_sigma is that in W times W - mu, of the weights in the tile. */
  private final boolean drawn;

  private OnePass(Loop loop, List<CpuBuffer> tensors, boolean drawn) {
    this.loop = loop;
    this.tensors = tensors;
    this.drawn = drawn;
  }

  /**
   * The pass for a divergence, a gradient and a rule, where there is one.
   *
   * @param tensors mu, log_sigma and the averages of Adam
   */
  static Optional<OnePass> of(
      DivergenceSource divergence,
      GradientSource gradient,
      StepRule rule,
      CpuBuffer rate,
      List<CpuBuffer> tensors,
      Run run) {
    if (!(rule instanceof StepRule.Adam adam)) {
      return Optional.empty();
    }
    AdamLanes lanes = new AdamLanes(adam, rate, run);
    boolean drawn = gradient.ofDrawnWeights();
    return switch (divergence) {
      case DivergenceSource.Gaussian prior ->
          Optional.of(new OnePass(new GaussianAdamLanes(prior, lanes), tensors, drawn));
      case DivergenceSource.ScaleMixture mixture when drawn ->
          Optional.of(new OnePass(new MixtureAdamLanes(mixture.lanes(), lanes), tensors, true));
      default -> Optional.empty();
    };
  }

  void prepare() {
    loop.prepare();
  }

  /** Steps on all rows of a tile, and adds its divergence. */
  void run(
      Tile tile,
      WeightTile weights,
      GradientSource gradient,
      float upstream,
      double[] sums,
      int at) {
    tile.clearSums();
    for (int r = 0; r < tile.rows; r++) {
      if (!drawn) {
        gradient.finish(tile, weights, r);
      }
      row(tile, weights, r, upstream);
    }
    loop.divergence(tile, sums, at);
  }

  private void row(Tile tile, WeightTile weights, int r, float upstream) {
    Streams s = tile.streams;
    for (int i = 0; i < Streams.TENSORS; i++) {
      CpuBuffer tensor = tensors.get(i);
      s.set(i, tensor.array(), tensor.offset() + tile.at(r));
    }
    if (drawn) {
      s.set(Streams.WEIGHTS, weights.array, weights.at + r * weights.stride);
    } else {
      s.set(Streams.WEIGHTS, s.array[Streams.MU], s.at[Streams.MU]);
    }
    s.set(Streams.D_MU, tile.dMu, r * tile.stride);
    s.set(Streams.D_LOG_SIGMA, tile.dLogSigma, r * tile.stride);
    int whole = Lanes.whole(tile.columns);
    loop.run(s, whole, upstream, tile.sums, 0, tile);
    if (whole < tile.columns) {
      rest(tile, whole, tile.columns - whole, upstream);
    }
  }

  /** Steps on the elements behind the last whole vector, in vectors of their own. */
  private void rest(Tile tile, int first, int count, float upstream) {
    Streams all = tile.streams;
    Streams rest = tile.restStreams;
    float[] x = tile.rest;
    Arrays.fill(x, 0);
    for (int i = 0; i < Streams.COUNT; i++) {
      System.arraycopy(all.array[i], all.at[i] + first, x, i * LANES, count);
      rest.set(i, x, i * LANES);
    }
    int sums = Streams.COUNT * LANES;
    loop.run(rest, LANES, upstream, x, sums, tile);
    for (int i = 0; i < Streams.TENSORS; i++) {
      System.arraycopy(x, i * LANES, all.array[i], all.at[i] + first, count);
    }
    Lanes.add(tile.sums, 0, x, sums, tile.sums, 0, count);
    Lanes.add(tile.sums, LANES, x, sums + LANES, tile.sums, LANES, count);
  }
}
