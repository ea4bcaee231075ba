package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

import dev.elbo.graph.Divergence.KlScaleMixture;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** A row of a tile against a scale mixture, at one draw of its weights. */
final class MixtureLanes {
  private final float log1;
  private final float log2;
  private final float precision1;
  private final float precision2;

  MixtureLanes(KlScaleMixture prior) {
    log1 = (float) (Math.log(prior.mixture()) - Math.log(prior.scale1()));
    log2 = (float) (Math.log1p(-prior.mixture()) - Math.log(prior.scale2()));
    precision1 = (float) (1 / (prior.scale1() * prior.scale1()));
    precision2 = (float) (1 / (prior.scale2() * prior.scale2()));
  }

  /**
   * For the row that is loaded: adds upstream·dw to dMu and upstream·(dw·(w - mu) - 1) to dLogSigma
   * with dw = -d log p(w)/dw, and writes log q(w) - log p(w) to the tile's product.
   *
   * <p>All in one method, which is too large for C2 to inline: inlined into a larger one still, its
   * calls of methods that take and return vectors would not be inlined and make objects of them.
   *
   * @param at where in the tile the row begins
   * @param w drawn weights, sigma·eps being w - mu; in whole vectors
   * @param w0 where the row begins in them
   */
  void add(Tile tile, int at, float[] w, int w0, float upstream) {
    int count = tile.columns;
    float[] ratios = tile.ratio;
    float[] product = tile.product;
    // The density of the less likely component over that of the other.
    for (int i = 0; i < count; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, w, w0 + i);
      FloatVector square = x.mul(x);
      FloatVector l1 = square.fma(-0.5f * precision1, log1);
      FloatVector l2 = square.fma(-0.5f * precision2, log2);
      VectorMath.exp(l1.sub(l2).abs().neg()).intoArray(ratios, i);
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector ratio = FloatVector.fromArray(FLOATS, ratios, i);
      VectorMath.log1p(ratio).intoArray(product, at + i);
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, w, w0 + i);
      FloatVector square = x.mul(x);
      FloatVector l1 = square.fma(-0.5f * precision1, log1);
      FloatVector l2 = square.fma(-0.5f * precision2, log2);
      FloatVector logP = l1.max(l2).add(FloatVector.fromArray(FLOATS, product, at + i));
      FloatVector ratio = FloatVector.fromArray(FLOATS, ratios, i);
      FloatVector larger = FloatVector.broadcast(FLOATS, 1f).div(ratio.add(1f));
      FloatVector smaller = ratio.mul(larger);
      VectorMask<Float> second = l1.compare(VectorOperators.LT, l2);
      FloatVector share1 = larger.blend(smaller, second).mul(precision1);
      FloatVector share2 = smaller.blend(larger, second).mul(precision2);
      FloatVector dw = x.mul(share1.add(share2));
      FloatVector deviation = x.sub(FloatVector.fromArray(FLOATS, tile.mu, i));
      FloatVector sigma = FloatVector.fromArray(FLOATS, tile.sigma, i).max(Float.MIN_NORMAL);
      FloatVector eps = deviation.div(sigma);
      FloatVector logSigma = FloatVector.fromArray(FLOATS, tile.logSigma, i);
      eps.mul(eps).mul(-0.5f).sub(logSigma).sub(logP).intoArray(product, at + i);
      FloatVector dMu = FloatVector.fromArray(FLOATS, tile.dMu, at + i);
      dMu.add(dw.mul(upstream)).intoArray(tile.dMu, at + i);
      FloatVector dLogSigma = FloatVector.fromArray(FLOATS, tile.dLogSigma, at + i);
      FloatVector term = dw.mul(deviation).sub(1f).mul(upstream);
      dLogSigma.add(term).intoArray(tile.dLogSigma, at + i);
    }
  }
}
