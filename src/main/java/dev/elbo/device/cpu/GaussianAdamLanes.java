package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The divergence from a Gaussian prior and Adam's step in one pass over a row: the training that
 * most people run. Every stream of memory is read once, and all of them at the same time; {@link
 * GaussianLanes} and {@link AdamLanes} do the same in three passes, for other priors and rules.
 */
final class GaussianAdamLanes {
  private final DivergenceSource.Gaussian prior;
  private final AdamLanes adam;

  /** mu and log_sigma, then Adam's averages of the gradient and of its square for each of them. */
  private final CpuBuffer[] parameters;

  private float precision;

  /**
   * The pass over a mean-field Gaussian.
   *
   * @param state the averages of mu's gradient and of its square, then those of log_sigma's
   */
  GaussianAdamLanes(
      DivergenceSource.Gaussian prior,
      AdamLanes adam,
      CpuBuffer mu,
      CpuBuffer logSigma,
      List<CpuBuffer> state) {
    this.prior = prior;
    this.adam = adam;
    this.parameters =
        new CpuBuffer[] {mu, logSigma, state.get(0), state.get(1), state.get(2), state.get(3)};
  }

  /** Computes what is the same for all tiles of a run. */
  void prepare() {
    adam.prepare();
    precision = prior.precision();
  }

  /** Adds the divergence of a tile whose rows have been stepped on. */
  void divergence(Tile tile, double[] sums, int at) {
    prior.addSums(tile, sums, at);
  }

  /**
   * Steps on a row, and adds to the tile's sums sigma² + mu² and log_sigma as they were.
   *
   * @param upstream of the divergence
   */
  void step(Tile tile, int r, float upstream) {
    int at = tile.at(r);
    int from = r * tile.stride;
    int whole = Lanes.whole(tile.columns);
    step(
        parameters[0].array(),
        parameters[0].offset() + at,
        parameters[1].array(),
        parameters[1].offset() + at,
        parameters[2].array(),
        parameters[2].offset() + at,
        parameters[3].array(),
        parameters[3].offset() + at,
        parameters[4].array(),
        parameters[4].offset() + at,
        parameters[5].array(),
        parameters[5].offset() + at,
        tile.dMu,
        from,
        tile.dLogSigma,
        from,
        whole,
        upstream,
        tile.sums,
        0);
    if (whole < tile.columns) {
      rest(tile, at + whole, from + whole, tile.columns - whole, upstream);
    }
  }

  /** Steps on the elements behind the last whole vector, in a vector of their own. */
  private void rest(Tile tile, int at, int from, int count, float upstream) {
    float[] x = tile.rest;
    Arrays.fill(x, 0);
    for (int i = 0; i < parameters.length; i++) {
      CpuBuffer p = parameters[i];
      System.arraycopy(p.array(), p.offset() + at, x, i * LANES, count);
    }
    System.arraycopy(tile.dMu, from, x, 6 * LANES, count);
    System.arraycopy(tile.dLogSigma, from, x, 7 * LANES, count);
    step(
        x, 0, x, LANES, x, 2 * LANES, x, 3 * LANES, x, 4 * LANES, x, 5 * LANES, x, 6 * LANES, x,
        7 * LANES, LANES, upstream, x, 8 * LANES);
    for (int i = 0; i < parameters.length; i++) {
      CpuBuffer p = parameters[i];
      System.arraycopy(x, i * LANES, p.array(), p.offset() + at, count);
    }
    for (int i = 0; i < count; i++) {
      tile.sums[i] += x[8 * LANES + i];
      tile.sums[LANES + i] += x[9 * LANES + i];
    }
  }

  private void step(
      float[] mean,
      int mean0,
      float[] log,
      int log0,
      float[] m1,
      int m10,
      float[] v1,
      int v10,
      float[] m2,
      int m20,
      float[] v2,
      int v20,
      float[] dMean,
      int dMean0,
      float[] dLog,
      int dLog0,
      int count,
      float upstream,
      float[] sums,
      int sums0) {
    float slope = upstream * precision;
    FloatVector squares = FloatVector.fromArray(FLOATS, sums, sums0);
    FloatVector logs = FloatVector.fromArray(FLOATS, sums, sums0 + LANES);
    for (int i = 0; i < count; i += LANES) {
      FloatVector m = FloatVector.fromArray(FLOATS, mean, mean0 + i);
      FloatVector l = FloatVector.fromArray(FLOATS, log, log0 + i);
      FloatVector s = VectorMath.exp(l);
      FloatVector variance = s.mul(s);
      squares = squares.add(m.fma(m, variance));
      logs = logs.add(l);
      FloatVector g = FloatVector.fromArray(FLOATS, dMean, dMean0 + i).add(m.mul(slope));
      FloatVector newM =
          g.mul(adam.decay1).add(FloatVector.fromArray(FLOATS, m1, m10 + i).mul(adam.beta1));
      newM = newM.blend(0f, newM.abs().compare(VectorOperators.LT, AdamLanes.FLUSH));
      newM.intoArray(m1, m10 + i);
      FloatVector newV =
          g.mul(g).mul(adam.decay2).add(FloatVector.fromArray(FLOATS, v1, v10 + i).mul(adam.beta2));
      newV = newV.blend(0f, newV.compare(VectorOperators.LT, AdamLanes.FLUSH));
      newV.intoArray(v1, v10 + i);
      FloatVector change =
          newM.mul(adam.rate).div(newV.mul(adam.correction).sqrt().add(adam.epsilon));
      m.sub(change).intoArray(mean, mean0 + i);
      FloatVector h =
          FloatVector.fromArray(FLOATS, dLog, dLog0 + i)
              .add(variance.mul(precision).sub(1f).mul(upstream));
      newM = h.mul(adam.decay1).add(FloatVector.fromArray(FLOATS, m2, m20 + i).mul(adam.beta1));
      newM = newM.blend(0f, newM.abs().compare(VectorOperators.LT, AdamLanes.FLUSH));
      newM.intoArray(m2, m20 + i);
      newV =
          h.mul(h).mul(adam.decay2).add(FloatVector.fromArray(FLOATS, v2, v20 + i).mul(adam.beta2));
      newV = newV.blend(0f, newV.compare(VectorOperators.LT, AdamLanes.FLUSH));
      newV.intoArray(v2, v20 + i);
      change = newM.mul(adam.rate).div(newV.mul(adam.correction).sqrt().add(adam.epsilon));
      l.sub(change).intoArray(log, log0 + i);
    }
    squares.intoArray(sums, sums0);
    logs.intoArray(sums, sums0 + LANES);
  }
}
