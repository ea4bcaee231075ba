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
  private MixtureLanes() {}

  /**
   * Adds upstream·dw to dMu and upstream·(dw·sigma·eps - 1) to dLogSigma with dw = -d log p(w)/dw,
   * and log q(w) - log p(w) to the tile's sums.
   *
   * @param eps0 where in the tile's noise the row begins
   */
  static void add(
      KlScaleMixture prior,
      float[] mu,
      int mu0,
      float[] logSigma,
      int logSigma0,
      Tile tile,
      int at,
      int eps0,
      float sign,
      float upstream) {
    float log1 = (float) (Math.log(prior.mixture()) - Math.log(prior.scale1()));
    float log2 = (float) (Math.log1p(-prior.mixture()) - Math.log(prior.scale2()));
    float precision1 = (float) (1 / (prior.scale1() * prior.scale1()));
    float precision2 = (float) (1 / (prior.scale2() * prior.scale2()));
    FloatVector up = broadcast(upstream);
    FloatVector sum = load(tile.sums, 0);
    for (int i = 0; i < tile.columns; i += LANES) {
      VectorMask<Float> mask = Lanes.tail(i, tile.columns);
      FloatVector e = load(tile.noise, eps0 + i).mul(sign);
      FloatVector noise = load(tile.sigma, at + i).mul(e);
      FloatVector w = load(mu, mu0 + i).add(noise);
      FloatVector square = w.mul(w);
      FloatVector l1 = square.fma(broadcast(-0.5f * precision1), broadcast(log1));
      FloatVector l2 = square.fma(broadcast(-0.5f * precision2), broadcast(log2));
      FloatVector ratio = VectorMath.exp(l1.sub(l2).abs().neg());
      FloatVector larger = broadcast(1).div(ratio.add(1f));
      FloatVector smaller = ratio.mul(larger);
      VectorMask<Float> second = l1.compare(VectorOperators.LT, l2);
      FloatVector slope =
          larger
              .blend(smaller, second)
              .mul(precision1)
              .add(smaller.blend(larger, second).mul(precision2));
      FloatVector dw = w.mul(slope);
      FloatVector logP = l1.blend(l2, second).add(VectorMath.log(ratio.add(1f)));
      FloatVector logQ = e.mul(e).mul(-0.5f).sub(load(logSigma, logSigma0 + i));
      sum = sum.add(logQ.sub(logP), mask);
      dw.fma(up, load(tile.dMu, at + i)).intoArray(tile.dMu, at + i);
      dw.mul(noise).sub(1f).fma(up, load(tile.dLogSigma, at + i)).intoArray(tile.dLogSigma, at + i);
    }
    sum.intoArray(tile.sums, 0);
  }
}
