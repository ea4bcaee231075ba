package dev.elbo.device.cpu;

import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.List;

/** Products with weights that are drawn once a run, or tile by tile and again in each pass. */
final class VariationalLinearKernel {
  private VariationalLinearKernel() {}

  static Kernel of(VariationalLinear op, Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer mu = b.in(1);
    CpuBuffer logSigma = b.in(2);
    int samples = op.noise().samples();
    Kernel product =
        ForwardProduct.of(
            b,
            Matrix.of(x, samples, op.shared()),
            x.shape().columns(),
            weights(op.noise(), mu, logSigma, b),
            b.out(0),
            samples);
    return b.weights()
        .of(op.noise(), mu, logSigma)
        .map(w -> Kernel.sequence(SampleKernel.draw(op.noise(), 1, mu, logSigma, w, b), product))
        .orElse(product);
  }

  static Kernel backwardInput(VariationalLinearBackwardInput op, Binding b) {
    CpuBuffer dy = b.in(0);
    int samples = op.noise().samples();
    WeightSource weights = weights(op.noise(), b.in(1), b.in(2), b);
    Matrix operand = Matrix.of(dy, samples, false);
    return new InputProduct(
        b, operand, dy.shape().columns(), weights, b.out(0), samples, op.shared());
  }

  /**
   * dmu = sum G_s, dlog_sigma = sum G_s·(W_s - mu), as W - mu is sigma·eps; the inputs of the
   * gradient are (x, dy, mu, log_sigma).
   */
  static GradientSource gradient(
      VariationalLinearBackwardWeight op, List<CpuBuffer> in, Binding b) {
    CpuBuffer x = in.get(0);
    CpuBuffer dy = in.get(1);
    int samples = op.noise().samples();
    TileProduct product =
        TileProduct.of(
            b,
            Matrix.of(dy, samples, false),
            samples,
            dy.shape().columns(),
            Matrix.of(x, samples, op.shared()),
            x.shape().columns(),
            dy.shape().rows() / samples);
    WeightSource weights = weights(op.noise(), in.get(2), in.get(3), b);
    GradientSource.Add add =
        (tile, w) -> {
          for (int s = 0; s < samples; s++) {
            float[] g = s == 0 ? tile.dMu : tile.product;
            tile.clear(g);
            product.add(s, tile, g);
            weights.place(s, tile.row, tile.rows, tile.column, tile.columns, w);
            tile.addDeviation(g, w, in.get(2));
            if (s > 0) {
              tile.add(g);
            }
          }
        };
    return new GradientSource(product.prepare(), add, 0);
  }

  /** Stored weights where there are such. */
  private static WeightSource weights(
      NoiseSite noise, CpuBuffer mu, CpuBuffer logSigma, Binding b) {
    return b.weights()
        .of(noise, mu, logSigma)
        .map(w -> WeightSource.stored(Matrix.of(w, noise.samples(), false)))
        .orElseGet(() -> WeightSource.sampled(mu, logSigma, new Draws(noise, b.run())));
  }
}
