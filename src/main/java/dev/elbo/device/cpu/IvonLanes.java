package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

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
    step(mu, logSigma, tile.dMu, from, tile.dLogSigma, from, g, h, tile.at(r), tile.columns);
  }

  /** Steps on the elements from {@code at} of all four tensors. */
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
      int count) {
    int whole = Lanes.whole(count);
    for (int i = 0; i < whole; i += LANES) {
      vector(
          mu.array(),
          mu.offset() + at + i,
          logSigma.array(),
          logSigma.offset() + at + i,
          dMu,
          dMu0 + i,
          dLogSigma,
          dLogSigma0 + i,
          g.array(),
          g.offset() + at + i,
          h.array(),
          h.offset() + at + i);
    }
    for (int i = whole; i < count; i++) {
      single(mu, logSigma, dMu[dMu0 + i], dLogSigma[dLogSigma0 + i], g, h, at + i);
    }
  }

  private void vector(
      float[] mu,
      int mu0,
      float[] logSigma,
      int logSigma0,
      float[] dMu,
      int dMu0,
      float[] dLogSigma,
      int dLogSigma0,
      float[] g,
      int g0,
      float[] h,
      int h0) {
    FloatVector newG =
        average(
            FloatVector.fromArray(FLOATS, g, g0),
            FloatVector.fromArray(FLOATS, dMu, dMu0),
            rule.beta1());
    newG.intoArray(g, g0);
    FloatVector precision =
        VectorMath.exp(FloatVector.fromArray(FLOATS, logSigma, logSigma0).mul(-2f));
    FloatVector newH =
        hessian(
            FloatVector.fromArray(FLOATS, h, h0),
            FloatVector.fromArray(FLOATS, dLogSigma, dLogSigma0).mul(precision));
    newH.intoArray(h, h0);
    FloatVector curvature = newH.add(delta);
    FloatVector m = FloatVector.fromArray(FLOATS, mu, mu0);
    FloatVector change = newG.mul(correction).add(m.mul(delta)).div(curvature);
    float clip = (float) rule.clip();
    m.sub(change.min(clip).max(-clip).mul(rate)).intoArray(mu, mu0);
    VectorMath.log(curvature.mul((float) rule.ess())).mul(-0.5f).intoArray(logSigma, logSigma0);
  }

  private static FloatVector average(FloatVector old, FloatVector value, double beta) {
    return old.mul((float) beta).add(value.mul((float) (1 - beta)));
  }

  private FloatVector hessian(FloatVector h, FloatVector estimate) {
    float decay = (float) (1 - rule.beta2());
    FloatVector difference = h.sub(estimate).mul(decay);
    FloatVector correct = difference.mul(difference).div(h.add(delta).mul(2f));
    return average(h, estimate, rule.beta2()).add(correct);
  }

  private void single(
      CpuBuffer mu,
      CpuBuffer logSigma,
      float dMu,
      float dLogSigma,
      CpuBuffer g,
      CpuBuffer h,
      int at) {
    double newG = rule.beta1() * g.at(at) + (1 - rule.beta1()) * dMu;
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
