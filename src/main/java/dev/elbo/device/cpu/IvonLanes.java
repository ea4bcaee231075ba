package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Lanes.load;
import static dev.elbo.device.cpu.Tiles.LANES;

import dev.elbo.graph.StepRule;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

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

  /** Steps on a tile from its gradients. */
  void step(Tile tile, CpuBuffer mu, CpuBuffer logSigma, CpuBuffer g, CpuBuffer h) {
    for (int r = 0; r < tile.rows; r++) {
      int from = r * tile.stride;
      int at = tile.at(r);
      step(mu, logSigma, tile.dMu, from, tile.dLogSigma, from, g, h, at, tile.columns);
    }
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
    for (int i = 0; i < count; i += LANES) {
      VectorMask<Float> mask = Lanes.tail(i, count);
      int to = at + i;
      FloatVector newG =
          average(load(g.array(), g.offset() + to), load(dMu, dMu0 + i), rule.beta1());
      newG.intoArray(g.array(), g.offset() + to, mask);
      FloatVector logS = load(logSigma.array(), logSigma.offset() + to);
      FloatVector estimate = load(dLogSigma, dLogSigma0 + i).mul(VectorMath.exp(logS.mul(-2f)));
      FloatVector newH = hessian(load(h.array(), h.offset() + to), estimate);
      newH.intoArray(h.array(), h.offset() + to, mask);
      FloatVector curvature = newH.add(delta);
      FloatVector m = load(mu.array(), mu.offset() + to);
      FloatVector change = newG.mul(correction).add(m.mul(delta)).div(curvature);
      float clip = (float) rule.clip();
      FloatVector clipped = change.min(clip).max(-clip);
      m.sub(clipped.mul(rate)).intoArray(mu.array(), mu.offset() + to, mask);
      VectorMath.log(curvature.mul((float) rule.ess()))
          .mul(-0.5f)
          .intoArray(logSigma.array(), logSigma.offset() + to, mask);
    }
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
}
