package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Lanes.TINY;
import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.elbo.graph.StepRule;
import jdk.incubator.vector.FloatVector;

/** IVON on runs of floats; see {@link StepRule.Ivon}. */
final class IvonLanes {
  private final StepRule.Ivon rule;
  private final CpuBuffer learningRate;
  private final Run run;
  private final float delta;
  private float rate;
  private float correction;

  IvonLanes(StepRule.Ivon rule, CpuBuffer learningRate, Run run) {
    this.rule = rule;
    this.learningRate = learningRate;
    this.run = run;
    this.delta = (float) rule.weightDecay();
  }

  /** The learning rate and the bias correction of the run's step. */
  void prepare() {
    rate = (float) (learningRate.scalar() * (rule.hessianInit() + rule.weightDecay()));
    correction = (float) (1 / (1 - Math.pow(rule.beta1(), run.step)));
  }

  /** Steps on a row of a tile from its gradients. */
  void step(Tile tile, int r, CpuBuffer mu, CpuBuffer logSigma, CpuBuffer g, CpuBuffer h) {
    int from = r * tile.stride;
    float[] free = tile.sigma;
    step(mu, logSigma, tile.dMu, from, tile.dLogSigma, from, g, h, tile.at(r), tile.columns, free);
  }

  /**
   * Steps on the elements from {@code at} of all four tensors.
   *
   * @param scratch room for {@link Tiles#LINEAR} elements
   */
  void step(
      CpuBuffer mu,
      CpuBuffer logSigma,
      float[] dMu,
      int dMu0,
      float[] dLogSigma,
      int dLogSigma0,
      CpuBuffer g,
      CpuBuffer h,
      int at,
      int count,
      float[] scratch) {
    int whole = Lanes.whole(count);
    for (int i = 0; i < whole; i += Tiles.LINEAR) {
      int n = Math.min(Tiles.LINEAR, whole - i);
      int place = at + i;
      float[] log = logSigma.array();
      int log0 = logSigma.offset() + place;
      Lanes.exp(log, log0, -2, scratch, 0, n);
      average(g.array(), g.offset() + place, dMu, dMu0 + i, n);
      curve(h.array(), h.offset() + place, dLogSigma, dLogSigma0 + i, scratch, n);
      move(mu.array(), mu.offset() + place, g.array(), g.offset() + place, scratch, n);
      scale(log, log0, scratch, n);
    }
    for (int i = whole; i < count; i++) {
      single(mu, logSigma, dMu[dMu0 + i], dLogSigma[dLogSigma0 + i], g, h, at + i);
    }
  }

  // Passes over a row that is in the first-level cache: all of it in one loop, C2's code took three
  // times as long.

  private void average(float[] g, int g0, float[] dMu, int dMu0, int count) {
    float beta = (float) rule.beta1();
    float decay = (float) (1 - rule.beta1());
    for (int i = 0; i < count; i += LANES) {
      FloatVector gradient = FloatVector.fromArray(FLOATS, dMu, dMu0 + i);
      FloatVector old = FloatVector.fromArray(FLOATS, g, g0 + i).lanewise(FMA, beta, TINY);
      gradient.lanewise(FMA, decay, old).intoArray(g, g0 + i);
    }
  }

  /** The Hessian, from the precision in the scratch, in whose place goes h + delta. */
  private void curve(
      float[] h, int h0, float[] dLogSigma, int dLogSigma0, float[] scratch, int count) {
    float beta = (float) rule.beta2();
    float decay = (float) (1 - rule.beta2());
    for (int i = 0; i < count; i += LANES) {
      FloatVector estimate =
          FloatVector.fromArray(FLOATS, dLogSigma, dLogSigma0 + i)
              .mul(FloatVector.fromArray(FLOATS, scratch, i));
      FloatVector old = FloatVector.fromArray(FLOATS, h, h0 + i);
      FloatVector difference = old.sub(estimate).mul(decay);
      FloatVector correct = difference.mul(difference).div(old.add(delta).mul(2f));
      FloatVector newH = old.lanewise(FMA, beta, estimate.lanewise(FMA, decay, correct));
      newH.intoArray(h, h0 + i);
      newH.add(delta).intoArray(scratch, i);
    }
  }

  private void move(float[] mu, int mu0, float[] g, int g0, float[] curvature, int count) {
    float clip = (float) rule.clip();
    for (int i = 0; i < count; i += LANES) {
      FloatVector m = FloatVector.fromArray(FLOATS, mu, mu0 + i);
      FloatVector change =
          m.lanewise(FMA, delta, FloatVector.fromArray(FLOATS, g, g0 + i).mul(correction))
              .div(FloatVector.fromArray(FLOATS, curvature, i));
      change = change.blend(clip, change.compare(GT, clip));
      change = change.blend(-clip, change.compare(LT, -clip));
      change.lanewise(FMA, -rate, m).intoArray(mu, mu0 + i);
    }
  }

  private void scale(float[] logSigma, int logSigma0, float[] curvature, int count) {
    float ess = (float) rule.ess();
    for (int i = 0; i < count; i += LANES) {
      VectorMath.log(FloatVector.fromArray(FLOATS, curvature, i).mul(ess))
          .mul(-0.5f)
          .intoArray(logSigma, logSigma0 + i);
    }
  }

  private void single(
      CpuBuffer mu,
      CpuBuffer logSigma,
      float dMu,
      float dLogSigma,
      CpuBuffer g,
      CpuBuffer h,
      int at) {
    double newG = rule.beta1() * g.at(at) + (1 - rule.beta1()) * dMu + TINY;
    double estimate = dLogSigma * Math.exp(-2.0 * logSigma.at(at));
    double decay = 1 - rule.beta2();
    double difference = decay * (h.at(at) - estimate);
    double newH =
        rule.beta2() * h.at(at)
            + decay * estimate
            + difference * difference / (2 * (h.at(at) + rule.weightDecay()));
    double curvature = newH + rule.weightDecay();
    double change = (newG * correction + mu.at(at) * rule.weightDecay()) / curvature;
    double clipped = Math.max(-rule.clip(), Math.min(rule.clip(), change));
    g.set(at, newG);
    h.set(at, newH);
    mu.set(at, mu.at(at) - rate * clipped);
    logSigma.set(at, rule.logSigma(newH));
  }
}
