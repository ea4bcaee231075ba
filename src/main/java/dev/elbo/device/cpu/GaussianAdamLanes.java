package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Lanes.TINY;
import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;

import jdk.incubator.vector.FloatVector;

/** {@link OnePass} with a Gaussian prior; its sums are those of sigma² + mu² and of log_sigma. */
final class GaussianAdamLanes implements OnePass.Loop {
  private final DivergenceSource.Gaussian prior;
  private final AdamLanes adam;
  private float precision;

  GaussianAdamLanes(DivergenceSource.Gaussian prior, AdamLanes adam) {
    this.prior = prior;
    this.adam = adam;
  }

  @Override
  public void prepare() {
    adam.prepare();
    precision = prior.precision();
  }

  @Override
  public void divergence(Tile tile, double[] sums, int at) {
    prior.addSums(tile, sums, at);
  }

  @Override
  public void run(Streams s, int count, float upstream, float[] sums, int sums0, Tile scratch) {
    float[] mean = s.array[Streams.MU];
    int mean0 = s.at[Streams.MU];
    float[] log = s.array[Streams.LOG_SIGMA];
    int log0 = s.at[Streams.LOG_SIGMA];
    float[] m1 = s.array[Streams.MU_MEAN];
    int m10 = s.at[Streams.MU_MEAN];
    float[] v1 = s.array[Streams.MU_SQUARE];
    int v10 = s.at[Streams.MU_SQUARE];
    float[] m2 = s.array[Streams.LOG_SIGMA_MEAN];
    int m20 = s.at[Streams.LOG_SIGMA_MEAN];
    float[] v2 = s.array[Streams.LOG_SIGMA_SQUARE];
    int v20 = s.at[Streams.LOG_SIGMA_SQUARE];
    float[] w = s.array[Streams.WEIGHTS];
    int w0 = s.at[Streams.WEIGHTS];
    float[] dMean = s.array[Streams.D_MU];
    int dMean0 = s.at[Streams.D_MU];
    float[] dLog = s.array[Streams.D_LOG_SIGMA];
    int dLog0 = s.at[Streams.D_LOG_SIGMA];
    float slope = upstream * precision;
    FloatVector squares = FloatVector.fromArray(FLOATS, sums, sums0);
    FloatVector logs = FloatVector.fromArray(FLOATS, sums, sums0 + LANES);
    for (int i = 0; i < count; i += LANES) {
      FloatVector m = FloatVector.fromArray(FLOATS, mean, mean0 + i);
      FloatVector l = FloatVector.fromArray(FLOATS, log, log0 + i);
      FloatVector sigma = VectorMath.exp(l);
      FloatVector variance = sigma.mul(sigma);
      squares = squares.add(m.fma(m, variance));
      logs = logs.add(l);
      FloatVector g = FloatVector.fromArray(FLOATS, dMean, dMean0 + i);
      FloatVector deviation = FloatVector.fromArray(FLOATS, w, w0 + i).sub(m);
      FloatVector h = g.fma(deviation, FloatVector.fromArray(FLOATS, dLog, dLog0 + i));
      g = g.add(m.mul(slope));
      FloatVector newM =
          g.lanewise(
              FMA,
              adam.decay1,
              FloatVector.fromArray(FLOATS, m1, m10 + i).lanewise(FMA, adam.beta1, TINY));
      newM.intoArray(m1, m10 + i);
      FloatVector newV =
          g.mul(g)
              .lanewise(
                  FMA,
                  adam.decay2,
                  FloatVector.fromArray(FLOATS, v1, v10 + i).lanewise(FMA, adam.beta2, TINY));
      newV.intoArray(v1, v10 + i);
      FloatVector change = newM.mul(adam.rate).div(newV.sqrt().add(adam.epsilon));
      m.sub(change).intoArray(mean, mean0 + i);
      h = h.add(variance.mul(precision).sub(1f).mul(upstream));
      newM =
          h.lanewise(
              FMA,
              adam.decay1,
              FloatVector.fromArray(FLOATS, m2, m20 + i).lanewise(FMA, adam.beta1, TINY));
      newM.intoArray(m2, m20 + i);
      newV =
          h.mul(h)
              .lanewise(
                  FMA,
                  adam.decay2,
                  FloatVector.fromArray(FLOATS, v2, v20 + i).lanewise(FMA, adam.beta2, TINY));
      newV.intoArray(v2, v20 + i);
      change = newM.mul(adam.rate).div(newV.sqrt().add(adam.epsilon));
      l.sub(change).intoArray(log, log0 + i);
    }
    squares.intoArray(sums, sums0);
    logs.intoArray(sums, sums0 + LANES);
  }
}
