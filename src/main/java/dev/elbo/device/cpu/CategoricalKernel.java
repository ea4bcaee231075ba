package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * log p(y | logits) = logit_y - log sum e^logit and its gradient, a row at a time.
 *
 * <p>Exponentials are vectors of floats relative to the largest logit; their sum is a double, in
 * the order of the classes, and leaves the label out: so 1 - p of a label that is almost certain
 * keeps its digits.
 */
final class CategoricalKernel {
  /** Classes whose exponentials fit the scratch. */
  private static final int CHUNK = Tiles.LINEAR;

  private final LogLikelihoodOperands in;

  private CategoricalKernel(LogLikelihoodOperands in) {
    this.in = in;
  }

  static Kernel of(LogLikelihoodOperands in, CpuBuffer result, Binding b) {
    CategoricalKernel kernel = new CategoricalKernel(in);
    return LogLikelihoodKernel.rows(
        b, in, (row, scratch) -> result.set(row, kernel.value(row, scratch.noise)));
  }

  static Kernel backward(
      LogLikelihoodOperands in, CpuBuffer upstream, CpuBuffer gradient, Binding b) {
    CategoricalKernel kernel = new CategoricalKernel(in);
    return LogLikelihoodKernel.rows(
        b, in, (row, scratch) -> kernel.slopes(row, upstream.at(row), gradient, scratch.noise));
  }

  private double value(int row, float[] scratch) {
    int label = (int) in.target(row, 0);
    float max = max(row);
    double others = others(row, label, max, scratch);
    double own = in.output(row, label) - (double) max;
    return own - Math.log(others + Math.exp(own));
  }

  /** (1[c = label] - p_c)·upstream. */
  private void slopes(int row, float upstream, CpuBuffer gradient, float[] scratch) {
    int label = (int) in.target(row, 0);
    float max = max(row);
    double others = others(row, label, max, scratch);
    double all = others + Math.exp(in.output(row, label) - (double) max);
    float factor = (float) (-upstream / all);
    int columns = in.columns();
    for (int from = 0; from < columns; from += CHUNK) {
      int count = Math.min(CHUNK, columns - from);
      if (columns > CHUNK) {
        exp(in.outputs().array(), in.outputAt(row) + from, max, scratch, count);
      }
      scale(scratch, factor, gradient.array(), gradient.offset() + row * columns + from, count);
    }
    gradient.set(row * columns + label, LogLikelihoodKernel.flush(upstream * (others / all)));
  }

  private float max(int row) {
    float[] x = in.outputs().array();
    int at = in.outputAt(row);
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + in.columns(); i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  /** The sum of e^(logit - max) over the classes but the label; leaves the last chunk behind. */
  private double others(int row, int label, float max, float[] scratch) {
    double sum = 0;
    for (int from = 0; from < in.columns(); from += CHUNK) {
      int count = Math.min(CHUNK, in.columns() - from);
      exp(in.outputs().array(), in.outputAt(row) + from, max, scratch, count);
      int skipped = Math.clamp(label - (long) from, 0, count);
      sum = sum(scratch, 0, skipped, sum);
      sum = sum(scratch, skipped + (label < from ? 0 : 1), count, sum);
    }
    return sum;
  }

  private static double sum(float[] x, int from, int to, double start) {
    double sum = start;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  /** y = e^(x - max), in whole vectors. */
  private static void exp(float[] x, int x0, float max, float[] y, int count) {
    for (int i = 0; i < count; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(FLOATS, x, x0 + i).sub(max)).intoArray(y, i);
    }
  }

  /** y = factor·x. */
  private static void scale(float[] x, float factor, float[] y, int y0, int count) {
    int whole = Lanes.whole(count);
    for (int i = 0; i < whole; i += LANES) {
      Lanes.flush(FloatVector.fromArray(FLOATS, x, i).mul(factor)).intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = (float) LogLikelihoodKernel.flush(x[i] * factor);
    }
  }
}
