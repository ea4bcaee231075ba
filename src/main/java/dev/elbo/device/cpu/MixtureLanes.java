package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

import dev.elbo.graph.Divergence.KlScaleMixture;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** A row of a tile against a scale mixture, at one draw of its weights. */
final class MixtureLanes {
  /** Elements whose 1 + r are multiplied: 64 numbers of at most 2 a lane, which floats can hold. */
  private static final int RUN = 64 * LANES;

  /** Of the entropy of q, log(sigma) + (log(2 pi) + 1)/2; the rest of it is in log p too. */
  private static final double HALF = 0.5;

  /** log(weight / scale) of the components, and the half. */
  private final float log1;

  private final float log2;
  private final float precision1;
  private final float precision2;

  MixtureLanes(KlScaleMixture prior) {
    log1 = (float) (Math.log(prior.mixture()) - Math.log(prior.scale1()) + HALF);
    log2 = (float) (Math.log1p(-prior.mixture()) - Math.log(prior.scale2()) + HALF);
    precision1 = (float) (1 / (prior.scale1() * prior.scale1()));
    precision2 = (float) (1 / (prior.scale2() * prior.scale2()));
  }

  /**
   * For a row of the tile: adds upstream·dw to dMu and upstream·(dw·(w - mu) - 1) to dLogSigma with
   * dw = -d log p(w)/dw, and -log p(w) less the entropy of q to the tile's first sum.
   *
   * @param w drawn weights, sigma·eps being w - mu
   * @param w0 where the row begins in them
   */
  void add(Tile tile, int r, CpuBuffer mu, CpuBuffer logSigma, float[] w, int w0, float upstream) {
    int from = r * tile.stride;
    int mean = mu.offset() + tile.at(r);
    int log = logSigma.offset() + tile.at(r);
    int whole = Lanes.whole(tile.columns);
    int count = tile.columns - whole;
    add(
        mu.array(),
        mean,
        logSigma.array(),
        log,
        w,
        w0,
        tile.dMu,
        from,
        tile.dLogSigma,
        from,
        whole,
        upstream,
        0,
        tile.sums,
        0,
        tile.mass);
    if (count > 0) {
      float[] x = tile.rest;
      Arrays.fill(x, 0);
      System.arraycopy(mu.array(), mean + whole, x, 0, count);
      System.arraycopy(logSigma.array(), log + whole, x, LANES, count);
      System.arraycopy(w, w0 + whole, x, 2 * LANES, count);
      System.arraycopy(tile.dMu, from + whole, x, 3 * LANES, count);
      System.arraycopy(tile.dLogSigma, from + whole, x, 4 * LANES, count);
      add(
          x, 0, x, LANES, x, 2 * LANES, x, 3 * LANES, x, 4 * LANES, LANES, upstream, 0, x,
          5 * LANES, tile.mass);
      System.arraycopy(x, 3 * LANES, tile.dMu, from + whole, count);
      System.arraycopy(x, 4 * LANES, tile.dLogSigma, from + whole, count);
      Lanes.add(tile.sums, 0, x, 5 * LANES, tile.sums, 0, count);
    }
  }

  /**
   * The same for whole vectors. log p(w) has a term log(1 + r), where r is the density of the less
   * likely component over that of the other: the product of many 1 + r, each at most 2, is summed
   * up in place of their logarithms.
   *
   * @param share of the gradient of the data term in W, times W - mu, that goes to dLogSigma too: 1
   *     where it is still missing there, else 0
   * @param mass room for a vector a run
   */
  void add(
      float[] mean,
      int mean0,
      float[] log,
      int log0,
      float[] w,
      int w0,
      float[] dMean,
      int dMean0,
      float[] dLog,
      int dLog0,
      int count,
      float upstream,
      float share,
      float[] sums,
      int sums0,
      float[] mass) {
    FloatVector sum = FloatVector.fromArray(FLOATS, sums, sums0);
    int runs = 0;
    for (int from = 0; from < count; from += RUN) {
      FloatVector product = FloatVector.broadcast(FLOATS, 1f);
      for (int i = from; i < Math.min(from + RUN, count); i += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, w, w0 + i);
        FloatVector square = x.mul(x);
        FloatVector l1 = square.fma(-0.5f * precision1, log1);
        FloatVector l2 = square.fma(-0.5f * precision2, log2);
        FloatVector ratio = VectorMath.exp(l1.sub(l2).abs().neg());
        FloatVector both = ratio.add(1f);
        product = product.mul(both);
        VectorMask<Float> second = l1.compare(VectorOperators.LT, l2);
        FloatVector likely = FloatVector.broadcast(FLOATS, precision1).blend(precision2, second);
        FloatVector other = FloatVector.broadcast(FLOATS, precision2).blend(precision1, second);
        FloatVector dw = x.mul(ratio.fma(other, likely)).div(both);
        FloatVector deviation = x.sub(FloatVector.fromArray(FLOATS, mean, mean0 + i));
        sum = sum.sub(FloatVector.fromArray(FLOATS, log, log0 + i).add(l1.max(l2)));
        FloatVector g = FloatVector.fromArray(FLOATS, dMean, dMean0 + i);
        FloatVector dLogSigma = FloatVector.fromArray(FLOATS, dLog, dLog0 + i);
        FloatVector h = g.mul(share).fma(deviation, dLogSigma);
        g.add(dw.mul(upstream)).intoArray(dMean, dMean0 + i);
        h.add(dw.mul(deviation).sub(1f).mul(upstream)).intoArray(dLog, dLog0 + i);
      }
      product.intoArray(mass, runs);
      runs += LANES;
    }
    sum.intoArray(sums, sums0);
    subtractLogarithms(mass, runs, sums, sums0);
  }

  private static void subtractLogarithms(float[] mass, int count, float[] sums, int sums0) {
    FloatVector sum = FloatVector.fromArray(FLOATS, sums, sums0);
    for (int i = 0; i < count; i += LANES) {
      sum = sum.sub(VectorMath.log(FloatVector.fromArray(FLOATS, mass, i)));
    }
    sum.intoArray(sums, sums0);
  }
}
