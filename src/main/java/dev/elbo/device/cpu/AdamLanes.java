package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Lanes.TINY;
import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.elbo.graph.StepRule;
import jdk.incubator.vector.FloatVector;

/**
 * Adam on runs of floats; see {@link StepRule.Adam}. Its bias corrections are in the rate and in
 * epsilon, which saves a multiplication an element.
 *
 * <p>Source: D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, end of
 * section 2.
 */
final class AdamLanes {
  private final StepRule.Adam rule;
  private final CpuBuffer learningRate;
  private final Run run;
  final float beta1;
  final float beta2;
  final float decay1;
  final float decay2;

  /** With the bias corrections of the run's step; epsilon too. */
  float rate;

  float epsilon;

  AdamLanes(StepRule.Adam rule, CpuBuffer learningRate, Run run) {
    this.rule = rule;
    this.learningRate = learningRate;
    this.run = run;
    this.beta1 = (float) rule.beta1();
    this.beta2 = (float) rule.beta2();
    this.decay1 = (float) (1 - rule.beta1());
    this.decay2 = (float) (1 - rule.beta2());
  }

  /** Computes what depends on the run's step. */
  void prepare() {
    double root = Math.sqrt(1 - Math.pow(rule.beta2(), run.step));
    rate = (float) (learningRate.scalar() * root / (1 - Math.pow(rule.beta1(), run.step)));
    epsilon = (float) (rule.epsilon() * root);
  }

  /** Steps on a row of a tile of a parameter from the tile's gradient g. */
  void step(Tile tile, int r, float[] g, CpuBuffer parameter, CpuBuffer m, CpuBuffer v) {
    int at = tile.at(r);
    step(
        parameter.array(),
        parameter.offset() + at,
        g,
        r * tile.stride,
        m.array(),
        m.offset() + at,
        v.array(),
        v.offset() + at,
        tile.columns);
  }

  /** Steps on a run of a parameter p. */
  void step(float[] p, int p0, float[] g, int g0, float[] m, int m0, float[] v, int v0, int count) {
    int whole = Lanes.whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector gradient = FloatVector.fromArray(FLOATS, g, g0 + i);
      FloatVector newM =
          gradient.lanewise(
              FMA, decay1, FloatVector.fromArray(FLOATS, m, m0 + i).lanewise(FMA, beta1, TINY));
      newM.intoArray(m, m0 + i);
      FloatVector newV =
          gradient
              .mul(gradient)
              .lanewise(
                  FMA, decay2, FloatVector.fromArray(FLOATS, v, v0 + i).lanewise(FMA, beta2, TINY));
      newV.intoArray(v, v0 + i);
      FloatVector change = newM.mul(rate).div(newV.sqrt().add(epsilon));
      FloatVector.fromArray(FLOATS, p, p0 + i).sub(change).intoArray(p, p0 + i);
    }
    for (int i = whole; i < count; i++) {
      float gradient = g[g0 + i];
      float newM = Math.fma(gradient, decay1, Math.fma(m[m0 + i], beta1, TINY));
      m[m0 + i] = newM;
      float newV = Math.fma(gradient * gradient, decay2, Math.fma(v[v0 + i], beta2, TINY));
      v[v0 + i] = newV;
      p[p0 + i] -= newM * rate / ((float) Math.sqrt(newV) + epsilon);
    }
  }
}
