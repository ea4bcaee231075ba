package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** A row of a tile against a Laplace prior. */
final class LaplaceLanes {
  private static final float SQRT_2_OVER_PI = 0.797884561f;

  /** Below it erf is a polynomial, where 2 Phi - 1 would lose digits. */
  private static final float SMALL = 0.7f;

  private LaplaceLanes() {}

  /**
   * With r = mu/sigma adds upstream·erf(r/sqrt(2))/scale to dMu, upstream·(sigma·sqrt(2/pi)
   * exp(-r²/2)/scale - 1) to dLogSigma, and to the tile's sums E|w| and log_sigma, for the row that
   * is loaded.
   *
   * @param at where in the tile the row begins
   */
  static void add(Tile tile, int at, float upstream, float inverseScale) {
    ratios(tile.mu, tile.sigma, tile.mass, tile.columns);
    spreads(tile.mass, tile.sigma, tile.columns);
    erf(tile.mass, tile.columns);
    float slope = upstream * inverseScale;
    FloatVector sizes = FloatVector.fromArray(FLOATS, tile.sums, 0);
    FloatVector logs = FloatVector.fromArray(FLOATS, tile.sums, LANES);
    for (int i = 0; i < tile.columns; i += LANES) {
      FloatVector erf = FloatVector.fromArray(FLOATS, tile.mass, i);
      FloatVector spread = FloatVector.fromArray(FLOATS, tile.sigma, i);
      sizes = sizes.add(FloatVector.fromArray(FLOATS, tile.mu, i).fma(erf, spread));
      logs = logs.add(FloatVector.fromArray(FLOATS, tile.logSigma, i));
      FloatVector.fromArray(FLOATS, tile.dMu, at + i)
          .add(erf.mul(slope))
          .intoArray(tile.dMu, at + i);
      FloatVector term = spread.mul(inverseScale).sub(1f).mul(upstream);
      FloatVector.fromArray(FLOATS, tile.dLogSigma, at + i)
          .add(term)
          .intoArray(tile.dLogSigma, at + i);
    }
    sizes.intoArray(tile.sums, 0);
    logs.intoArray(tile.sums, LANES);
  }

  /** r = mu/sigma, which may be infinite; 0 where mu is, whatever sigma. */
  private static void ratios(float[] mu, float[] sigma, float[] r, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector m = FloatVector.fromArray(FLOATS, mu, i);
      m.div(FloatVector.fromArray(FLOATS, sigma, i)).blend(0f, m.eq(0f)).intoArray(r, i);
    }
  }

  /** sigma·sqrt(2/pi) exp(-r²/2) in the place of sigma. */
  private static void spreads(float[] r, float[] sigma, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, r, i);
      VectorMath.exp(x.mul(-0.5f).mul(x))
          .mul(SQRT_2_OVER_PI)
          .mul(FloatVector.fromArray(FLOATS, sigma, i))
          .intoArray(sigma, i);
    }
  }

  /**
   * erf(r/sqrt(2)) = 2 Phi(r) - 1 in the place of r; of small ones by the Taylor series, whose next
   * term is a relative 3e-8 at most.
   */
  private static void erf(float[] r, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, r, i);
      FloatVector far = VectorFunctions.normalDistribution(x).mul(2f).sub(1f);
      FloatVector square = x.mul(x).mul(0.5f);
      FloatVector p = square.lanewise(FMA, -1f / 1320, 1f / 216);
      p = p.lanewise(FMA, square, -1f / 42);
      p = p.lanewise(FMA, square, 1f / 10);
      p = p.lanewise(FMA, square, -1f / 3);
      p = p.lanewise(FMA, square, 1f);
      FloatVector near = p.mul(x).mul(SQRT_2_OVER_PI);
      far.blend(near, x.abs().compare(VectorOperators.LT, SMALL)).intoArray(r, i);
    }
  }
}
