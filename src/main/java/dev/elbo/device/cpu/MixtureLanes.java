package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Lanes.broadcast;
import static dev.elbo.device.cpu.Lanes.load;
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
   * For the row that is loaded: adds upstream·dw to dMu and upstream·(dw·sigma·eps - 1) to
   * dLogSigma with dw = -d log p(w)/dw, and writes log q(w) - log p(w) to the tile's product.
   *
   * <p>Several short loops: C2 inlines so much into one and no more, and vectors that are passed to
   * what it does not inline are objects.
   *
   * @param at where in the tile the row begins
   * @param eps0 where in the tile's noise the row begins
   */
  void add(Tile tile, int at, int eps0, float sign, float upstream) {
    differences(tile, eps0, sign);
    Lanes.exp(tile.ratio, 0, 1, tile.ratio, 0, tile.columns);
    logarithms(tile, at);
    slopes(tile, at, eps0, sign);
    terms(tile, at, eps0, sign, upstream);
  }

  /** The log density of the less likely component minus that of the other, both at w. */
  private void differences(Tile tile, int eps0, float sign) {
    for (int i = 0; i < tile.columns; i += LANES) {
      FloatVector noise = load(tile.noise, eps0 + i).mul(sign).mul(load(tile.sigma, i));
      FloatVector w = load(tile.mu, i).add(noise);
      FloatVector square = w.mul(w);
      FloatVector l1 = square.fma(-0.5f * precision1, log1);
      FloatVector l2 = square.fma(-0.5f * precision2, log2);
      l1.sub(l2).abs().neg().intoArray(tile.ratio, i);
    }
  }

  /** log(1 + ratio). */
  private static void logarithms(Tile tile, int at) {
    for (int i = 0; i < tile.columns; i += LANES) {
      VectorMath.log1p(load(tile.ratio, i)).intoArray(tile.product, at + i);
    }
  }

  /** With log(1 + ratio) in the product: log p(w) there, and dw in place of the ratio. */
  private void slopes(Tile tile, int at, int eps0, float sign) {
    for (int i = 0; i < tile.columns; i += LANES) {
      FloatVector noise = load(tile.noise, eps0 + i).mul(sign).mul(load(tile.sigma, i));
      FloatVector w = load(tile.mu, i).add(noise);
      FloatVector square = w.mul(w);
      FloatVector l1 = square.fma(-0.5f * precision1, log1);
      FloatVector l2 = square.fma(-0.5f * precision2, log2);
      FloatVector ratio = load(tile.ratio, i);
      FloatVector larger = broadcast(1).div(ratio.add(1f));
      FloatVector smaller = ratio.mul(larger);
      VectorMask<Float> second = l1.compare(VectorOperators.LT, l2);
      FloatVector share1 = larger.blend(smaller, second).mul(precision1);
      FloatVector share2 = smaller.blend(larger, second).mul(precision2);
      w.mul(share1.add(share2)).intoArray(tile.ratio, i);
      l1.max(l2).add(load(tile.product, at + i)).intoArray(tile.product, at + i);
    }
  }

  /** With dw in place of the ratio and log p(w) in the product. */
  private static void terms(Tile tile, int at, int eps0, float sign, float upstream) {
    for (int i = 0; i < tile.columns; i += LANES) {
      FloatVector e = load(tile.noise, eps0 + i).mul(sign);
      FloatVector dw = load(tile.ratio, i);
      FloatVector logQ = e.mul(e).mul(-0.5f).sub(load(tile.logSigma, i));
      logQ.sub(load(tile.product, at + i)).intoArray(tile.product, at + i);
      load(tile.dMu, at + i).add(dw.mul(upstream)).intoArray(tile.dMu, at + i);
      FloatVector term = dw.mul(load(tile.sigma, i)).mul(e).sub(1f).mul(upstream);
      load(tile.dLogSigma, at + i).add(term).intoArray(tile.dLogSigma, at + i);
    }
  }
}
