package dev.elbo.device.cpu;

import dev.elbo.graph.LogLikelihood;
import java.util.Arrays;

/** Log-likelihoods and their gradients; those that factor over columns in double precision. */
final class LogLikelihoodKernel {
  /** Elements of a block: each takes an exponential or two in double precision. */
  private static final int BLOCK = 256;

  /** Smaller gradients are 0: products of subnormal numbers take a hundred times longer. */
  static final float FLUSH = 1e-20f;

  /** About how many elementwise operations a term of a density takes. */
  static final int COST = 8;

  private LogLikelihoodKernel() {}

  static Kernel of(LogLikelihood op, Binding b) {
    LogLikelihoodOperands in = LogLikelihoodOperands.of(op, b.inputs());
    CpuBuffer result = b.out(0);
    if (op instanceof LogLikelihood.Categorical) {
      return CategoricalKernel.of(in, result, b);
    }
    if (op instanceof LogLikelihood.Bernoulli) {
      return BernoulliKernel.of(in, result, b);
    }
    Density density = Density.of(op);
    return rows(b, in, (row, scratch) -> result.set(row, value(density, in, row)));
  }

  static Kernel backward(LogLikelihood op, Binding b) {
    LogLikelihoodOperands in =
        LogLikelihoodOperands.of(op, b.inputs().subList(1, b.inputs().size()));
    CpuBuffer upstream = b.in(0);
    CpuBuffer gradient = b.out(0);
    if (op instanceof LogLikelihood.Categorical) {
      return CategoricalKernel.backward(in, upstream, gradient, b);
    }
    if (op instanceof LogLikelihood.Bernoulli) {
      return BernoulliKernel.backward(in, upstream, gradient, b);
    }
    Density density = Density.of(op);
    Kernel slopes =
        rows(b, in, (row, scratch) -> outputSlopes(density, in, upstream.at(row), gradient, row));
    return op.parameters() == 1
        ? slopes
        : Kernel.sequence(slopes, scaleSlopes(density, in, upstream, b));
  }

  /** Does one row. */
  @FunctionalInterface
  interface Row {
    void run(int row, Scratch scratch);
  }

  /** A kernel that does the same to every row. */
  static Kernel rows(Binding b, LogLikelihoodOperands in, Row body) {
    int each = Math.max(1, BLOCK / in.columns());
    int blocks = Tiles.parts(in.rows(), each);
    Workers.Task task =
        (block, scratch) -> {
          int end = Math.min(in.rows(), (block + 1) * each);
          for (int row = block * each; row < end; row++) {
            body.run(row, scratch);
          }
        };
    return () -> b.workers().run(blocks, true, task);
  }

  /** The gradient, 0 where it is that small. */
  static double flush(double gradient) {
    return Math.abs(gradient) < FLUSH ? 0 : gradient;
  }

  private static double value(Density density, LogLikelihoodOperands in, int row) {
    double sum = 0;
    for (int c = 0; c < in.columns(); c++) {
      sum += density.value(in.output(row, c), in.logScale(row, c), in.target(row, c));
    }
    return sum;
  }

  private static void outputSlopes(
      Density density, LogLikelihoodOperands in, double upstream, CpuBuffer gradient, int row) {
    for (int c = 0; c < in.columns(); c++) {
      double slope = density.outputSlope(in.output(row, c), in.logScale(row, c), in.target(row, c));
      gradient.set(row * in.columns() + c, flush(upstream * slope));
    }
  }

  private static double scaleSlope(Density density, LogLikelihoodOperands in, int row, int c) {
    return density.scaleSlope(in.output(row, c), in.logScale(row, c), in.target(row, c));
  }

  /**
   * A scale for each output has its own gradient, one of a group the sum over its rows in order.
   */
  private static Kernel scaleSlopes(
      Density density, LogLikelihoodOperands in, CpuBuffer upstream, Binding b) {
    CpuBuffer gradient = b.out(1);
    int columns = in.columns();
    if (gradient.elements() == in.rows() * columns) {
      return rows(b, in, (row, scratch) -> eachScale(density, in, upstream.at(row), gradient, row));
    }
    double[] sums = new double[gradient.elements()];
    return () -> {
      Arrays.fill(sums, 0);
      for (int row = 0; row < in.rows(); row++) {
        int group = row / in.scaleRows();
        for (int c = 0; c < columns; c++) {
          sums[group * columns + c] += upstream.at(row) * scaleSlope(density, in, row, c);
        }
      }
      for (int i = 0; i < sums.length; i++) {
        gradient.set(i, sums[i]);
      }
    };
  }

  private static void eachScale(
      Density density, LogLikelihoodOperands in, double upstream, CpuBuffer gradient, int row) {
    for (int c = 0; c < in.columns(); c++) {
      gradient.set(row * in.columns() + c, flush(upstream * scaleSlope(density, in, row, c)));
    }
  }
}
