package dev.elbo.device.cpu;

import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import dev.elbo.graph.WeightGradient.FlipoutLinearBackwardWeight;
import java.util.List;

/**
 * Flipout: a product with mu and one with sigma·eps, whose input and output take random signs.
 *
 * <p>The sign of element (b, k) of a sample's rows has the linear index b·K + k: that of the
 * element in the sample's part, so that signs are applied in one run over it.
 */
final class FlipoutLinearKernel {
  private FlipoutLinearKernel() {}

  static Kernel of(FlipoutLinear op, Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    Draws draws = new Draws(op.noise(), b.run());
    int samples = op.noise().samples();
    int inputs = x.shape().columns();
    CpuBuffer signed = b.temporary(y.shape().rows(), inputs);
    CpuBuffer perturbation = b.temporary(y.shape().rows(), y.shape().columns());
    return Kernel.sequence(
        signed(x, op.shared(), op.inputSigns(), signed, draws, b),
        ForwardProduct.of(
            b, Panels.transposed(x, samples, op.shared(), b), inputs, mean(b.in(1)), y, samples),
        ForwardProduct.of(
            b,
            Panels.transposed(signed, samples, false, b),
            inputs,
            WeightSource.perturbation(b.in(2), draws),
            perturbation,
            samples),
        addSigned(perturbation, false, op.outputSigns(), y, draws, b));
  }

  static Kernel backwardInput(FlipoutLinearBackwardInput op, Binding b) {
    FlipoutLinear forward = op.forward();
    CpuBuffer dy = b.in(0);
    CpuBuffer dx = b.out(0);
    Draws draws = new Draws(forward.noise(), b.run());
    int samples = forward.noise().samples();
    int outputs = dy.shape().columns();
    int inputs = dx.shape().columns();
    CpuBuffer signed = b.temporary(dy.shape().rows(), outputs);
    CpuBuffer perturbation = b.temporary(dy.shape().rows(), inputs);
    return Kernel.sequence(
        signed(dy, false, forward.outputSigns(), signed, draws, b),
        new InputProduct(
            b,
            Matrix.of(dy, samples, false),
            outputs,
            mean(b.in(1)),
            dx,
            samples,
            forward.shared()),
        new InputProduct(
            b,
            Matrix.of(signed, samples, false),
            outputs,
            WeightSource.perturbation(b.in(2), draws),
            perturbation,
            samples,
            false),
        addSigned(perturbation, forward.shared(), forward.inputSigns(), dx, draws, b));
  }

  /** The inputs of the gradient are (x, dy, ...). */
  static GradientSource gradient(FlipoutLinearBackwardWeight op, List<CpuBuffer> in, Binding b) {
    FlipoutLinear forward = op.forward();
    CpuBuffer x = in.get(0);
    CpuBuffer dy = in.get(1);
    Draws draws = new Draws(forward.noise(), b.run());
    int samples = forward.noise().samples();
    int outputs = dy.shape().columns();
    int examples = dy.shape().rows() / samples;
    CpuBuffer signedX = b.temporary(dy.shape().rows(), x.shape().columns());
    CpuBuffer signedDy = b.temporary(dy.shape().rows(), outputs);
    TileProduct mean =
        TileProduct.of(
            b,
            Matrix.of(dy, samples, false),
            samples,
            outputs,
            Matrix.of(x, samples, forward.shared()),
            x.shape().columns(),
            examples);
    TileProduct perturbation =
        TileProduct.of(
            b,
            Matrix.of(signedDy, samples, false),
            samples,
            outputs,
            Matrix.of(signedX, samples, false),
            x.shape().columns(),
            examples);
    Kernel prepare =
        Kernel.sequence(
            signed(x, forward.shared(), forward.inputSigns(), signedX, draws, b),
            signed(dy, false, forward.outputSigns(), signedDy, draws, b),
            mean.prepare(),
            perturbation.prepare());
    GradientSource.Add add =
        tile -> {
          for (int s = 0; s < samples; s++) {
            mean.add(s, tile, tile.dMu);
            tile.clear(tile.product);
            perturbation.add(s, tile, tile.product);
            tile.addNoise(tile.product, s, 0, draws);
          }
        };
    return new GradientSource.Scaled(prepare, add, in.getLast(), 1);
  }

  private static WeightSource mean(CpuBuffer mu) {
    return WeightSource.stored(Matrix.of(mu, 1, true));
  }

  /** y_s = x_s·signs, where x may be the same for all samples. */
  private static Kernel signed(
      CpuBuffer x, boolean shared, int site, CpuBuffer y, Draws draws, Binding b) {
    int samples = draws.site().samples();
    int each = y.elements() / samples;
    return Ranges.samples(
        b.workers(),
        samples,
        each,
        (sample, from, count, scratch) -> {
          int signs = draws.signs(site, sample, from, count, scratch.noise);
          int at = sample * each + from;
          Lanes.multiply(
              x.array(),
              x.offset() + (shared ? from : at),
              scratch.noise,
              signs,
              y.array(),
              y.offset() + at,
              count);
        });
  }

  /** y_s += x_s·signs, or y += their sum over the samples in order. */
  private static Kernel addSigned(
      CpuBuffer x, boolean sum, int site, CpuBuffer y, Draws draws, Binding b) {
    int samples = draws.site().samples();
    int each = x.elements() / samples;
    int results = sum ? 1 : samples;
    return Ranges.samples(
        b.workers(),
        results,
        each,
        (result, from, count, scratch) -> {
          for (int s = result; s < result + samples / results; s++) {
            int signs = draws.signs(site, s, from, count, scratch.noise);
            Lanes.addProduct(
                1,
                x.array(),
                x.offset() + s * each + from,
                scratch.noise,
                signs,
                y.array(),
                y.offset() + result * each + from,
                count);
          }
        });
  }
}
