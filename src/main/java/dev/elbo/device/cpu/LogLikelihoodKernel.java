package dev.elbo.device.cpu;

import dev.elbo.graph.LogLikelihood;
import java.util.Arrays;
import java.util.List;

/** Log-likelihoods and their gradients, a row at a time in double precision. */
final class LogLikelihoodKernel {
  /** Elements of a block: each takes an exponential or two. */
  private static final int BLOCK = 1024;

  /** Smaller gradients are 0: products of subnormal numbers take a hundred times longer. */
  private static final double FLUSH = 1e-20;

  private LogLikelihoodKernel() {}

  static Kernel of(LogLikelihood op, Binding b) {
    CpuBuffer result = b.out(0);
    if (op instanceof LogLikelihood.Categorical) {
      return rows(
          b, b.in(0), (row, scratch) -> set(result, row, categorical(b.in(0), b.in(1), row)));
    }
    Density density = Density.of(op);
    List<CpuBuffer> in = b.inputs();
    return rows(b, b.in(0), (row, scratch) -> set(result, row, value(density, in, row)));
  }

  static Kernel backward(LogLikelihood op, Binding b) {
    List<CpuBuffer> in = b.inputs().subList(1, b.inputs().size());
    CpuBuffer upstream = b.in(0);
    CpuBuffer outputs = in.getFirst();
    if (op instanceof LogLikelihood.Categorical) {
      return rows(
          b,
          outputs,
          (row, scratch) -> categoricalBackward(outputs, in.get(1), upstream, b.out(0), row));
    }
    Density density = Density.of(op);
    Kernel slopes =
        rows(
            b,
            outputs,
            (row, scratch) -> outputSlopes(density, in, at(upstream, row), b.out(0), row));
    if (op.parameters() == 1) {
      return slopes;
    }
    return Kernel.sequence(slopes, scaleSlopes(density, in, upstream, b));
  }

  /** Does one row. */
  @FunctionalInterface
  private interface Row {
    void run(int row, Scratch scratch);
  }

  private static Kernel rows(Binding b, CpuBuffer outputs, Row body) {
    int rows = outputs.shape().rows();
    int each = Math.max(1, BLOCK / outputs.shape().columns());
    int blocks = Tiles.parts(rows, each);
    Workers.Task task =
        (block, scratch) -> {
          int end = Math.min(rows, (block + 1) * each);
          for (int row = block * each; row < end; row++) {
            body.run(row, scratch);
          }
        };
    return () -> b.workers().run(blocks, true, task);
  }

  private static float at(CpuBuffer x, int index) {
    return x.array()[x.offset() + index];
  }

  private static void set(CpuBuffer y, int index, double value) {
    y.array()[y.offset() + index] = (float) value;
  }

  /** Targets repeat for every sample. */
  private static int targetRow(CpuBuffer targets, int row) {
    return row % targets.shape().rows();
  }

  private static double logSumExp(CpuBuffer logits, int row) {
    int columns = logits.shape().columns();
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < columns; c++) {
      max = Math.max(max, at(logits, row * columns + c));
    }
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      sum += Math.exp(at(logits, row * columns + c) - max);
    }
    return max + Math.log(sum);
  }

  private static double categorical(CpuBuffer logits, CpuBuffer labels, int row) {
    int label = (int) at(labels, targetRow(labels, row));
    return at(logits, row * logits.shape().columns() + label) - logSumExp(logits, row);
  }

  private static void categoricalBackward(
      CpuBuffer logits, CpuBuffer labels, CpuBuffer upstream, CpuBuffer gradient, int row) {
    int columns = logits.shape().columns();
    int label = (int) at(labels, targetRow(labels, row));
    double logSum = logSumExp(logits, row);
    for (int c = 0; c < columns; c++) {
      double slope = (c == label ? 1 : 0) - Math.exp(at(logits, row * columns + c) - logSum);
      set(gradient, row * columns + c, flush(slope * at(upstream, row)));
    }
  }

  private static double flush(double gradient) {
    return Math.abs(gradient) < FLUSH ? 0 : gradient;
  }

  private static double logScale(List<CpuBuffer> in, int row, int column) {
    if (in.size() == 2) {
      return 0;
    }
    CpuBuffer logScale = in.get(1);
    int columns = logScale.shape().columns();
    return at(logScale, row % logScale.shape().rows() * columns + column);
  }

  private static double value(Density density, List<CpuBuffer> in, int row) {
    CpuBuffer outputs = in.getFirst();
    CpuBuffer targets = in.getLast();
    int columns = outputs.shape().columns();
    int target = targetRow(targets, row) * columns;
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      double y = at(targets, target + c);
      sum += density.value(at(outputs, row * columns + c), logScale(in, row, c), y);
    }
    return sum;
  }

  private static void outputSlopes(
      Density density, List<CpuBuffer> in, double upstream, CpuBuffer gradient, int row) {
    CpuBuffer outputs = in.getFirst();
    CpuBuffer targets = in.getLast();
    int columns = outputs.shape().columns();
    int target = targetRow(targets, row) * columns;
    for (int c = 0; c < columns; c++) {
      double slope =
          density.outputSlope(
              at(outputs, row * columns + c), logScale(in, row, c), at(targets, target + c));
      set(gradient, row * columns + c, flush(upstream * slope));
    }
  }

  private static double scaleSlope(
      Density density, List<CpuBuffer> in, CpuBuffer upstream, int row, int column) {
    int columns = in.getFirst().shape().columns();
    double y = at(in.getLast(), targetRow(in.getLast(), row) * columns + column);
    double output = at(in.getFirst(), row * columns + column);
    return at(upstream, row) * density.scaleSlope(output, logScale(in, row, column), y);
  }

  /** A scale for each output has its own gradient, a common one the sum over the rows in order. */
  private static Kernel scaleSlopes(
      Density density, List<CpuBuffer> in, CpuBuffer upstream, Binding b) {
    CpuBuffer gradient = b.out(1);
    CpuBuffer outputs = in.getFirst();
    int columns = outputs.shape().columns();
    if (gradient.shape().rows() == outputs.shape().rows()) {
      return rows(
          b,
          outputs,
          (row, scratch) -> {
            for (int c = 0; c < columns; c++) {
              double slope = scaleSlope(density, in, upstream, row, c);
              set(gradient, row * columns + c, flush(slope));
            }
          });
    }
    double[] sums = new double[columns];
    return () -> {
      Arrays.fill(sums, 0);
      for (int row = 0; row < outputs.shape().rows(); row++) {
        for (int c = 0; c < columns; c++) {
          sums[c] += scaleSlope(density, in, upstream, row, c);
        }
      }
      for (int c = 0; c < columns; c++) {
        set(gradient, c, sums[c]);
      }
    };
  }
}
