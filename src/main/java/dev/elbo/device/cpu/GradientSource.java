package dev.elbo.device.cpu;

import dev.elbo.graph.WeightGradient;
import java.util.List;

/** Makes tiles of the gradient of the data term in (mu, log_sigma). */
interface GradientSource {
  /** What has to be run before the tiles. */
  Kernel prepare();

  /** Computes the gradients of a tile, but for what {@link #finish} does row by row. */
  void fill(Tile tile, WeightTile weights);

  /** Completes a row of the tile's dLogSigma, next to what else is done with the row. */
  void finish(Tile tile, WeightTile weights, int r);

  /**
   * Whether what {@link #finish} does is to add the gradient in W times W - mu, of weights that
   * {@link #fill} leaves in their tile.
   */
  default boolean ofDrawnWeights() {
    return false;
  }

  /**
   * The gradient of an operation.
   *
   * @param in its inputs
   */
  static GradientSource of(WeightGradient op, List<CpuBuffer> in, Binding b) {
    return switch (op) {
      case WeightGradient.VariationalLinearBackwardWeight naive ->
          VariationalLinearKernel.gradient(naive, in, b);
      case WeightGradient.LocalLinearBackwardWeight local ->
          LocalLinearKernel.gradient(local, in, b);
      case WeightGradient.FlipoutLinearBackwardWeight flipout ->
          FlipoutLinearKernel.gradient(flipout, in, b);
      case WeightGradient.SampleBackward sample -> SampleKernel.gradient(sample, in, b);
    };
  }

  /** Adds to a tile's gradients. */
  @FunctionalInterface
  interface Add {
    void add(Tile tile);
  }

  /**
   * A gradient whose part in log_sigma has a factor that depends on sigma alone.
   *
   * @param add adds to dMu the gradient, and to dLogSigma the gradient without the factor
   * @param logSigma the parameter
   * @param power the factor: sigma for 1, 2 sigma² for 2
   */
  record Scaled(Kernel prepare, Add add, CpuBuffer logSigma, int power) implements GradientSource {
    @Override
    public void fill(Tile tile, WeightTile weights) {
      tile.clear(tile.dMu);
      tile.clear(tile.dLogSigma);
      add.add(tile);
    }

    @Override
    public void finish(Tile tile, WeightTile weights, int r) {
      int at = logSigma.offset() + tile.at(r);
      Lanes.exp(logSigma.array(), at, power, tile.sigma, 0, tile.columns);
      Lanes.multiplyBy(power, tile.sigma, 0, tile.dLogSigma, r * tile.stride, tile.columns);
    }
  }
}
