package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.elbo.graph.Divergence.KlScaleMixture;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** A row of a tile against a scale mixture, at one draw of its weights. */
final class MixtureLanes {
  /** Elements whose logarithms are one: 64 factors of at most 2 a lane, which floats can hold. */
  private static final int RUN = 64 * LANES;

  /** Below it 2^x would be subnormal, and beside 1 it counts for nothing. */
  private static final float SMALLEST_EXPONENT = -126;

  private static final float LN_2 = (float) Math.log(2);

  /** 1 / scale² of the wider component, and what the narrower one has more. */
  private final float precision;

  private final float excess;

  /** log2 of the narrower component's density over the wider one's: at 0, and its slope in w². */
  private final float ratio;

  private final float slope;

  /** -log p(0) of the wider component less the entropy of q at sigma = 1. */
  private final double constant;

  MixtureLanes(KlScaleMixture prior) {
    double log1 = Math.log(prior.mixture()) - Math.log(prior.scale1());
    double log2 = Math.log1p(-prior.mixture()) - Math.log(prior.scale2());
    boolean secondIsNarrow = prior.scale2() <= prior.scale1();
    double logNarrow = secondIsNarrow ? log2 : log1;
    double logWide = secondIsNarrow ? log1 : log2;
    double precision1 = 1 / (prior.scale1() * prior.scale1());
    double precision2 = 1 / (prior.scale2() * prior.scale2());
    double more = Math.abs(precision2 - precision1);
    precision = (float) Math.min(precision1, precision2);
    excess = (float) more;
    ratio = (float) ((logNarrow - logWide) / Math.log(2));
    slope = (float) (-0.5 * more / Math.log(2));
    constant = -logWide - 0.5;
  }

  /** The sum of -log p(w) less the entropy of q over a tile whose rows were added. */
  double divergence(Tile tile) {
    return tile.rows * tile.columns * constant + tile.sum(0);
  }

  /**
   * For a row of the tile: adds upstream·dw to dMu and upstream·(dw·(w - mu) - 1) to dLogSigma with
   * dw = -d log p(w)/dw, and to the tile's first sum what {@link #divergence} takes.
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
   * The same for whole vectors. With d = log(narrow density / wide density), -log p(w) is that of
   * the wider component less max(d, 0) and log(1 + e^-|d|): the product of many 1 + e^-|d|, each at
   * most 2, is summed up in place of their logarithms. dw is w times the mean of the precisions,
   * weighted by the components' responsibilities.
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
    float least = upstream * precision;
    float more = upstream * excess;
    float half = 0.5f * precision;
    int runs = 0;
    for (int from = 0; from < count; from += RUN) {
      FloatVector product = FloatVector.broadcast(FLOATS, 1f);
      for (int i = from; i < Math.min(from + RUN, count); i += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, w, w0 + i);
        FloatVector square = x.mul(x);
        FloatVector d = square.lanewise(FMA, slope, ratio);
        VectorMask<Float> narrow = d.compare(VectorOperators.GT, 0f);
        sum = sum.sub(FloatVector.fromArray(FLOATS, log, log0 + i));
        sum = square.lanewise(FMA, half, sum);
        sum = FloatVector.zero(FLOATS).blend(d, narrow).lanewise(FMA, -LN_2, sum);
        // Blends, not Vector.max: for the sake of NaN and -0 C2 makes more instructions of that.
        FloatVector down = d.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
        VectorMask<Float> tiny = down.compare(VectorOperators.LT, SMALLEST_EXPONENT);
        FloatVector less = VectorMath.exp2(down.blend(SMALLEST_EXPONENT, tiny));
        FloatVector both = less.add(1f);
        product = product.mul(both);
        FloatVector responsibility = less.blend(1f, narrow).div(both);
        FloatVector dw = x.mul(responsibility.lanewise(FMA, more, least));
        FloatVector deviation = x.sub(FloatVector.fromArray(FLOATS, mean, mean0 + i));
        FloatVector g = FloatVector.fromArray(FLOATS, dMean, dMean0 + i);
        FloatVector h = FloatVector.fromArray(FLOATS, dLog, dLog0 + i).sub(upstream);
        g.add(dw).intoArray(dMean, dMean0 + i);
        g.lanewise(FMA, share, dw).fma(deviation, h).intoArray(dLog, dLog0 + i);
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
