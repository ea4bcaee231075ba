package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link OnePass} with a scale mixture as the prior, at the one draw of the weights; its first sum
 * is log q(w) - log p(w). {@link MixtureLanes} has the formulas. C2 does not take them in one loop
 * with the steps: the row, which is in the first-level cache, is passed over several times.
 */
final class MixtureAdamLanes implements OnePass.Loop {
  private final MixtureLanes prior;
  private final AdamLanes adam;

  MixtureAdamLanes(MixtureLanes prior, AdamLanes adam) {
    this.prior = prior;
    this.adam = adam;
  }

  @Override
  public void prepare() {
    adam.prepare();
  }

  @Override
  public void divergence(Tile tile, double[] sums, int at) {
    sums[at] += tile.sum(0);
  }

  @Override
  public void run(Streams s, int count, float upstream, float[] sums, int sums0, Tile scratch) {
    float[] inverse = scratch.sigma;
    Lanes.exp(s.array[Streams.LOG_SIGMA], s.at[Streams.LOG_SIGMA], -1, inverse, 0, count);
    float[] mass = scratch.mass;
    int runs = 0;
    for (int from = 0; from < count; from += MixtureLanes.RUN) {
      int to = Math.min(from + MixtureLanes.RUN, count);
      gradients(s, inverse, from, to, upstream, sums, sums0, mass, runs);
      runs += LANES;
    }
    MixtureLanes.subtractLogarithms(mass, runs, sums, sums0);
    steps(s, count);
  }

  /** Completes the gradients. */
  private void gradients(
      Streams s,
      float[] inverse,
      int from,
      int to,
      float upstream,
      float[] sums,
      int sums0,
      float[] mass,
      int mass0) {
    float[] mean = s.array[Streams.MU];
    int mean0 = s.at[Streams.MU];
    float[] log = s.array[Streams.LOG_SIGMA];
    int log0 = s.at[Streams.LOG_SIGMA];
    float[] w = s.array[Streams.WEIGHTS];
    int w0 = s.at[Streams.WEIGHTS];
    float[] dMean = s.array[Streams.D_MU];
    int dMean0 = s.at[Streams.D_MU];
    float[] dLog = s.array[Streams.D_LOG_SIGMA];
    int dLog0 = s.at[Streams.D_LOG_SIGMA];
    FloatVector sum = FloatVector.fromArray(FLOATS, sums, sums0);
    FloatVector product = FloatVector.broadcast(FLOATS, 1f);
    for (int i = from; i < to; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, w, w0 + i);
      FloatVector square = x.mul(x);
      FloatVector l1 = square.fma(-0.5f * prior.precision1, prior.log1);
      FloatVector l2 = square.fma(-0.5f * prior.precision2, prior.log2);
      FloatVector ratio = VectorMath.exp(l1.sub(l2).abs().neg());
      FloatVector both = ratio.add(1f);
      product = product.mul(both);
      VectorMask<Float> second = l1.compare(VectorOperators.LT, l2);
      FloatVector likely =
          FloatVector.broadcast(FLOATS, prior.precision1).blend(prior.precision2, second);
      FloatVector other =
          FloatVector.broadcast(FLOATS, prior.precision2).blend(prior.precision1, second);
      FloatVector dw = x.mul(ratio.fma(other, likely)).div(both);
      FloatVector l = FloatVector.fromArray(FLOATS, log, log0 + i);
      FloatVector deviation = x.sub(FloatVector.fromArray(FLOATS, mean, mean0 + i));
      // A sigma of 0 has an infinite inverse and no deviation.
      FloatVector eps =
          deviation.mul(FloatVector.fromArray(FLOATS, inverse, i).min(Float.MAX_VALUE));
      sum = sum.sub(eps.mul(eps).mul(0.5f).add(l).add(l1.max(l2)));
      FloatVector g = FloatVector.fromArray(FLOATS, dMean, dMean0 + i);
      FloatVector h = g.fma(deviation, FloatVector.fromArray(FLOATS, dLog, dLog0 + i));
      g.add(dw.mul(upstream)).intoArray(dMean, dMean0 + i);
      h.add(dw.mul(deviation).sub(1f).mul(upstream)).intoArray(dLog, dLog0 + i);
    }
    sum.intoArray(sums, sums0);
    product.intoArray(mass, mass0);
  }

  private void steps(Streams s, int count) {
    step(s, Streams.MU, Streams.MU_MEAN, Streams.MU_SQUARE, Streams.D_MU, count);
    step(
        s,
        Streams.LOG_SIGMA,
        Streams.LOG_SIGMA_MEAN,
        Streams.LOG_SIGMA_SQUARE,
        Streams.D_LOG_SIGMA,
        count);
  }

  private void step(Streams s, int parameter, int mean, int square, int gradient, int count) {
    adam.step(
        s.array[parameter],
        s.at[parameter],
        s.array[gradient],
        s.at[gradient],
        s.array[mean],
        s.at[mean],
        s.array[square],
        s.at[square],
        count);
  }
}
