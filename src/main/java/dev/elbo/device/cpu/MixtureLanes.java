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
   * @param at where in the tile the row begins
   * @param eps0 where in the tile's noise the row begins
   */
  void add(Tile tile, int at, int eps0, float sign, float upstream) {
    for (int i = 0; i < tile.columns; i += LANES) {
      FloatVector e = load(tile.noise, eps0 + i).mul(sign);
      FloatVector noise = load(tile.sigma, i).mul(e);
      FloatVector w = load(tile.mu, i).add(noise);
      FloatVector square = w.mul(w);
      FloatVector l1 = square.fma(-0.5f * precision1, log1);
      FloatVector l2 = square.fma(-0.5f * precision2, log2);
      FloatVector ratio = VectorMath.exp(l1.sub(l2).abs().neg());
      FloatVector larger = broadcast(1).div(ratio.add(1f));
      FloatVector smaller = ratio.mul(larger);
      VectorMask<Float> second = l1.compare(VectorOperators.LT, l2);
      FloatVector share1 = larger.blend(smaller, second).mul(precision1);
      FloatVector share2 = smaller.blend(larger, second).mul(precision2);
      FloatVector dw = w.mul(share1.add(share2));
      FloatVector logP = l1.blend(l2, second).add(VectorMath.log(ratio.add(1f)));
      FloatVector logQ = e.mul(e).mul(-0.5f).sub(load(tile.logSigma, i));
      logQ.sub(logP).intoArray(tile.product, at + i);
      load(tile.dMu, at + i).add(dw.mul(upstream)).intoArray(tile.dMu, at + i);
      FloatVector term = dw.mul(noise).sub(1f).mul(upstream);
      load(tile.dLogSigma, at + i).add(term).intoArray(tile.dLogSigma, at + i);
    }
  }
}
