package dev.elbo.device.cpu;

import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.List;

/** Products with weights that are drawn tile by tile, again in each pass. */
final class VariationalLinearKernel {
  private VariationalLinearKernel() {}

  static Kernel of(VariationalLinear op, Binding b) {
    CpuBuffer x = b.in(0);
    int samples = op.noise().samples();
    WeightSource weights = weights(op.noise(), b.in(1), b.in(2), b);
    Matrix operand = Matrix.of(x, samples, op.shared());
    return ForwardProduct.of(b, operand, x.shape().columns(), weights, b.out(0), samples);
  }

  static Kernel backwardInput(VariationalLinearBackwardInput op, Binding b) {
    CpuBuffer dy = b.in(0);
    int samples = op.noise().samples();
    WeightSource weights = weights(op.noise(), b.in(1), b.in(2), b);
    Matrix operand = Matrix.of(dy, samples, false);
    return new InputProduct(
        b, operand, dy.shape().columns(), weights, b.out(0), samples, op.shared());
  }

  /** dmu = sum G_s, dlog_sigma = sigma·sum G_s·eps_s; the inputs of the gradient are at 0 and 1. */
  static GradientSource gradient(
      VariationalLinearBackwardWeight op, List<CpuBuffer> in, Binding b) {
    CpuBuffer x = in.get(0);
    CpuBuffer dy = in.get(1);
    int samples = op.noise().samples();
    Draws draws = new Draws(op.noise(), b.run());
    TileProduct product =
        TileProduct.of(
            b,
            Matrix.of(dy, samples, false),
            samples,
            dy.shape().columns(),
            Matrix.of(x, samples, op.shared()),
            dy.shape().rows() / samples);
    GradientSource.Add add =
        tile -> {
          for (int s = 0; s < samples; s++) {
            tile.clear(tile.product);
            product.add(s, tile, tile.product);
            tile.addDrawn(tile.product, s, 0, draws);
          }
        };
    return new GradientSource(product.prepare(), add, 1);
  }

  private static WeightSource weights(
      NoiseSite noise, CpuBuffer mu, CpuBuffer logSigma, Binding b) {
    return WeightSource.sampled(mu, logSigma, new Draws(noise, b.run()));
  }
}
