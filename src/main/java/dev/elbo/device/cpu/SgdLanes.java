package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Lanes.TINY;
import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.elbo.graph.StepRule;
import jdk.incubator.vector.FloatVector;

/** Gradient descent with momentum on runs of floats; see {@link StepRule.Sgd}. */
final class SgdLanes {
  private final CpuBuffer learningRate;
  private final float momentum;
  private float rate;

  SgdLanes(StepRule.Sgd rule, CpuBuffer learningRate) {
    this.learningRate = learningRate;
    this.momentum = (float) rule.momentum();
  }

  /** Reads the learning rate. */
  void prepare() {
    rate = learningRate.scalar();
  }

  /** Steps on a row of a tile of a parameter from the tile's gradient g. */
  void step(Tile tile, int r, float[] g, CpuBuffer parameter, CpuBuffer velocity) {
    int at = tile.at(r);
    step(
        parameter.array(),
        parameter.offset() + at,
        g,
        r * tile.stride,
        velocity.array(),
        velocity.offset() + at,
        tile.columns);
  }

  /** Steps on a run of a parameter p with velocity u. */
  void step(float[] p, int p0, float[] g, int g0, float[] u, int u0, int count) {
    int whole = Lanes.whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector newU =
          FloatVector.fromArray(FLOATS, u, u0 + i)
              .lanewise(FMA, momentum, TINY)
              .add(FloatVector.fromArray(FLOATS, g, g0 + i));
      newU.intoArray(u, u0 + i);
      FloatVector.fromArray(FLOATS, p, p0 + i).sub(newU.mul(rate)).intoArray(p, p0 + i);
    }
    for (int i = whole; i < count; i++) {
      float newU = Math.fma(u[u0 + i], momentum, TINY) + g[g0 + i];
      u[u0 + i] = newU;
      p[p0 + i] -= newU * rate;
    }
  }
}
