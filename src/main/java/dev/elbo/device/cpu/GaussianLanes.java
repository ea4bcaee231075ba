package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

import jdk.incubator.vector.FloatVector;

/** A row of a tile against a Gaussian prior. */
final class GaussianLanes {
  private GaussianLanes() {}

  /**
   * Adds upstream·mu/scale² to dMu, upstream·(sigma²/scale² - 1) to dLogSigma, and to the tile's
   * sums sigma² + mu² and log_sigma, for the row that is loaded.
   *
   * @param at where in the tile the row begins
   */
  static void add(Tile tile, int at, float upstream, float precision) {
    float slope = upstream * precision;
    FloatVector squares = FloatVector.fromArray(FLOATS, tile.sums, 0);
    FloatVector logs = FloatVector.fromArray(FLOATS, tile.sums, LANES);
    for (int i = 0; i < tile.columns; i += LANES) {
      FloatVector m = FloatVector.fromArray(FLOATS, tile.mu, i);
      FloatVector s = FloatVector.fromArray(FLOATS, tile.sigma, i);
      FloatVector variance = s.mul(s);
      squares = squares.add(m.fma(m, variance));
      logs = logs.add(FloatVector.fromArray(FLOATS, tile.logSigma, i));
      FloatVector.fromArray(FLOATS, tile.dMu, at + i).add(m.mul(slope)).intoArray(tile.dMu, at + i);
      FloatVector term = variance.mul(precision).sub(1f).mul(upstream);
      FloatVector.fromArray(FLOATS, tile.dLogSigma, at + i)
          .add(term)
          .intoArray(tile.dLogSigma, at + i);
    }
    squares.intoArray(tile.sums, 0);
    logs.intoArray(tile.sums, LANES);
  }
}
