package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Lanes.broadcast;
import static dev.elbo.device.cpu.Lanes.load;
import static dev.elbo.device.cpu.Tiles.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** A row of a tile against a Gaussian prior. */
final class GaussianLanes {
  private GaussianLanes() {}

  /**
   * Adds upstream·mu/scale² to dMu, upstream·(sigma²/scale² - 1) to dLogSigma, and to the tile's
   * sums sigma² + mu² and log_sigma.
   */
  static void add(
      float[] mu,
      int mu0,
      float[] logSigma,
      int logSigma0,
      Tile tile,
      int at,
      float upstream,
      float precision) {
    FloatVector up = broadcast(upstream);
    FloatVector p = broadcast(precision);
    FloatVector squares = load(tile.sums, 0);
    FloatVector logs = load(tile.sums, LANES);
    for (int i = 0; i < tile.columns; i += LANES) {
      VectorMask<Float> mask = Lanes.tail(i, tile.columns);
      FloatVector m = load(mu, mu0 + i);
      FloatVector s = load(tile.sigma, at + i);
      FloatVector variance = s.mul(s);
      squares = squares.add(m.fma(m, variance), mask);
      logs = logs.add(load(logSigma, logSigma0 + i), mask);
      FloatVector dMu = load(tile.dMu, at + i);
      m.mul(p).fma(up, dMu).intoArray(tile.dMu, at + i);
      FloatVector dLogSigma = load(tile.dLogSigma, at + i);
      variance.mul(p).sub(1f).fma(up, dLogSigma).intoArray(tile.dLogSigma, at + i);
    }
    squares.intoArray(tile.sums, 0);
    logs.intoArray(tile.sums, LANES);
  }
}
