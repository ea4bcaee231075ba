package dev.elbo.device.cpu;

import dev.elbo.graph.WeightGradient;
import java.util.List;

/**
 * Makes tiles of the gradient of the data term in (mu, log_sigma).
 *
 * @param prepare what has to be run before the tiles
 * @param add adds to a tile's dMu the gradient, and to its dLogSigma the gradient without the
 *     factor that depends on sigma
 * @param sigmaPower that factor: none for 0, sigma for 1, 2 sigma² for 2
 */
record GradientSource(Kernel prepare, Add add, int sigmaPower) {
  /** Adds to a tile's gradients. */
  @FunctionalInterface
  interface Add {
    void add(Tile tile, WeightTile weights);
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

  /** Computes the gradients of a tile but for the factor that depends on sigma. */
  void fill(Tile tile, WeightTile weights) {
    tile.clear(tile.dMu);
    tile.clear(tile.dLogSigma);
    add.add(tile, weights);
  }

  /** Multiplies a row, which has been loaded, by that factor. */
  void finish(Tile tile, int r) {
    float[] d = tile.dLogSigma;
    int at = r * tile.stride;
    for (int i = 0; i < sigmaPower; i++) {
      Lanes.multiply(d, at, tile.sigma, 0, d, at, tile.columns);
    }
    if (sigmaPower == 2) {
      Lanes.affine(d, at, 2, 0, d, at, tile.columns);
    }
  }
}
