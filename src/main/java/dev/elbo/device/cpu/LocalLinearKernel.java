package dev.elbo.device.cpu;

import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.WeightGradient.LocalLinearBackwardWeight;
import java.util.List;

/**
 * Local reparameterisation: two products with weights that are not drawn, and noise for each
 * output.
 *
 * <p>The noise of output (b, n) of a sample has the linear index b·N + n: that of the element in
 * the sample's part of y, so that noise is added in one run over y.
 */
final class LocalLinearKernel {
  private LocalLinearKernel() {}

  static Kernel of(LocalLinear op, Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer mu = b.in(1);
    CpuBuffer y = b.out(0);
    CpuBuffer std = b.out(1);
    int rows = x.shape().rows();
    int inputs = x.shape().columns();
    CpuBuffer mean = op.shared() ? b.temporary(rows, mu.shape().rows()) : y;
    CpuBuffer squares = b.temporary(rows, inputs);
    return Kernel.sequence(
        ForwardProduct.of(b, Panels.transposed(x, 1, false, b), inputs, mean(mu), mean, 1),
        square(b, x, squares),
        ForwardProduct.of(
            b,
            Panels.transposed(squares, 1, false, b),
            inputs,
            WeightSource.variance(b.in(2)),
            std,
            1),
        Ranges.elements(
            b.workers(),
            std.elements(),
            (i, n, scratch) ->
                Lanes.sqrt(std.array(), std.offset() + i, std.array(), std.offset() + i, n)),
        addNoise(op, mean, std, y, b));
  }

  /** y = mean + sign·std·eps. */
  private static Kernel addNoise(
      LocalLinear op, CpuBuffer mean, CpuBuffer std, CpuBuffer y, Binding b) {
    Draws draws = new Draws(op.noise(), b.run());
    int samples = op.noise().samples();
    int each = y.elements() / samples;
    return Ranges.samples(
        b.workers(),
        samples,
        each,
        (sample, from, count, scratch) -> {
          int eps = draws.linear(sample, from, count, scratch.noise);
          int to = y.offset() + sample * each + from;
          int source = (op.shared() ? 0 : sample * each) + from;
          System.arraycopy(mean.array(), mean.offset() + source, y.array(), to, count);
          Lanes.addProduct(
              draws.sign(sample),
              std.array(),
              std.offset() + source,
              scratch.noise,
              eps,
              y.array(),
              to,
              count);
        });
  }

  static Kernel backwardInput(LocalLinearBackwardInput op, Binding b) {
    CpuBuffer dy = b.in(0);
    CpuBuffer x = b.in(2);
    CpuBuffer dx = b.out(0);
    int samples = op.noise().samples();
    int outputs = dy.shape().columns();
    CpuBuffer dv = b.temporary(dy.shape().rows(), outputs);
    CpuBuffer variance = b.temporary(dx.shape().rows(), dx.shape().columns());
    return Kernel.sequence(
        varianceGradient(op.noise(), op.shared(), dy, b.in(1), dv, b),
        new InputProduct(
            b, Matrix.of(dy, samples, false), outputs, mean(b.in(3)), dx, samples, op.shared()),
        new InputProduct(
            b,
            Matrix.of(dv, samples, false),
            outputs,
            WeightSource.variance(b.in(4)),
            variance,
            samples,
            op.shared()),
        Ranges.elements(
            b.workers(),
            dx.elements(),
            (i, n, scratch) ->
                Lanes.addProduct(
                    2,
                    x.array(),
                    x.offset() + i,
                    variance.array(),
                    variance.offset() + i,
                    dx.array(),
                    dx.offset() + i,
                    n)));
  }

  /** The inputs of the gradient are (x, dy, std, ...). */
  static GradientSource gradient(LocalLinearBackwardWeight op, List<CpuBuffer> in, Binding b) {
    CpuBuffer x = in.get(0);
    CpuBuffer dy = in.get(1);
    int samples = op.noise().samples();
    int outputs = dy.shape().columns();
    int examples = dy.shape().rows() / samples;
    CpuBuffer dv = b.temporary(dy.shape().rows(), outputs);
    CpuBuffer squares = b.temporary(x.shape().rows(), x.shape().columns());
    TileProduct mean =
        TileProduct.of(
            b,
            Matrix.of(dy, samples, false),
            samples,
            outputs,
            Matrix.of(x, samples, op.shared()),
            x.shape().columns(),
            examples);
    TileProduct variance =
        TileProduct.of(
            b,
            Matrix.of(dv, samples, false),
            samples,
            outputs,
            Matrix.of(squares, samples, op.shared()),
            x.shape().columns(),
            examples);
    Kernel prepare =
        Kernel.sequence(
            varianceGradient(op.noise(), op.shared(), dy, in.get(2), dv, b),
            square(b, x, squares),
            mean.prepare(),
            variance.prepare());
    GradientSource.Add add =
        tile -> {
          for (int s = 0; s < samples; s++) {
            mean.add(s, tile, tile.dMu);
            variance.add(s, tile, tile.dLogSigma);
          }
        };
    return new GradientSource.Scaled(prepare, add, in.getLast(), 2);
  }

  private static WeightSource mean(CpuBuffer mu) {
    return WeightSource.stored(Matrix.of(mu, 1, true));
  }

  private static Kernel square(Binding b, CpuBuffer x, CpuBuffer squares) {
    return Ranges.elements(
        b.workers(),
        x.elements(),
        (i, n, scratch) ->
            Lanes.multiply(
                x.array(),
                x.offset() + i,
                x.array(),
                x.offset() + i,
                squares.array(),
                squares.offset() + i,
                n));
  }

  /** dv = dy·sign·eps / (2 std), 0 where std is 0. */
  private static Kernel varianceGradient(
      NoiseSite noise, boolean shared, CpuBuffer dy, CpuBuffer std, CpuBuffer dv, Binding b) {
    Draws draws = new Draws(noise, b.run());
    int each = dy.elements() / noise.samples();
    return Ranges.samples(
        b.workers(),
        noise.samples(),
        each,
        (sample, from, count, scratch) -> {
          int eps = draws.linear(sample, from, count, scratch.noise);
          int at = sample * each + from;
          Lanes.varianceGradient(
              draws.sign(sample),
              dy.array(),
              dy.offset() + at,
              scratch.noise,
              eps,
              std.array(),
              std.offset() + (shared ? from : at),
              dv.array(),
              dv.offset() + at,
              count);
        });
  }
}
