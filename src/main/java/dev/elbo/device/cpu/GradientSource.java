package dev.elbo.device.cpu;

import dev.elbo.graph.WeightGradient;
import java.util.List;

/**
 * Makes tiles of the gradient of the data term in (mu, log_sigma).
 *
 * @param prepare what has to be run before the tiles
 * @param add adds to a tile's dMu the gradient, and to its dLogSigma the gradient without the
 *     factor that depends on sigma
 * @param sigmaPower that factor: sigma for 1, 2 sigma² for 2
 */
record GradientSource(Kernel prepare, Add add, int sigmaPower) {
  /** Adds to a tile's gradients. */
  @FunctionalInterface
  interface Add {
    void add(Tile tile);
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

  /** Computes a tile's sigma and gradients. */
  void fill(Tile tile, CpuBuffer mu, CpuBuffer logSigma) {
    tile.clear(tile.dMu);
    tile.clear(tile.dLogSigma);
    add.add(tile);
    tile.load(mu, logSigma);
    for (int r = 0; r < tile.rows; r++) {
      scale(tile, r * tile.stride);
    }
  }

  private void scale(Tile tile, int at) {
    float[] d = tile.dLogSigma;
    Lanes.multiply(d, at, tile.sigma, at, d, at, tile.columns);
    if (sigmaPower == 2) {
      Lanes.multiply(d, at, tile.sigma, at, d, at, tile.columns);
      Lanes.affine(d, at, 2, 0, d, at, tile.columns);
    }
  }
}
