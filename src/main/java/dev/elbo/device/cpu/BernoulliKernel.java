package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * log p(y | logits) = sum over columns of y·logit - softplus(logit) and its gradient, a vector at a
 * time; terms are added in double precision in the order of columns.
 */
final class BernoulliKernel {
  private static final FloatVector ONE = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 1f);

  private BernoulliKernel() {}

  static Kernel of(LogLikelihoodOperands in, CpuBuffer result, Binding b) {
    return Ranges.rows(
        b.workers(),
        in.rows(),
        in.columns() * LogLikelihoodKernel.COST,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            result.set(row, value(in, row, scratch.noise));
          }
        });
  }

  static Kernel backward(
      LogLikelihoodOperands in, CpuBuffer upstream, CpuBuffer gradient, Binding b) {
    return Ranges.rows(
        b.workers(),
        in.rows(),
        in.columns() * LogLikelihoodKernel.COST,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            slopes(in, row, upstream.at(row), scratch.noise, gradient);
          }
        });
  }

  private static double value(LogLikelihoodOperands in, int row, float[] terms) {
    double sum = 0;
    for (int c = 0; c < in.columns(); c += Tiles.LINEAR) {
      int count = Math.min(Tiles.LINEAR, in.columns() - c);
      terms(
          in.outputs().array(),
          in.outputAt(row) + c,
          in.targets().array(),
          in.targetAt(row) + c,
          terms,
          count);
      sum = add(terms, count, sum);
    }
    return sum;
  }

  private static double add(float[] terms, int count, double sum) {
    double total = sum;
    for (int i = 0; i < count; i++) {
      total += terms[i];
    }
    return total;
  }

  /** In whole vectors. */
  private static void terms(float[] x, int x0, float[] y, int y0, float[] terms, int count) {
    for (int i = 0; i < count; i += Tiles.LANES) {
      FloatVector logit = FloatVector.fromArray(FLOATS, x, x0 + i);
      // softplus in its two parts, the large one first: y·logit takes it away exactly for y = 1
      FloatVector rest = FloatVector.fromArray(FLOATS, y, y0 + i).mul(logit).sub(logit.max(0f));
      rest.sub(VectorFunctions.softplusTail(logit)).intoArray(terms, i);
    }
  }

  private static void slopes(
      LogLikelihoodOperands in, int row, float upstream, float[] scratch, CpuBuffer gradient) {
    for (int c = 0; c < in.columns(); c += Tiles.LINEAR) {
      int count = Math.min(Tiles.LINEAR, in.columns() - c);
      slopes(
          in.outputs().array(),
          in.outputAt(row) + c,
          in.targets().array(),
          in.targetAt(row) + c,
          upstream,
          scratch,
          count);
      int at = gradient.offset() + row * in.columns() + c;
      System.arraycopy(scratch, 0, gradient.array(), at, count);
    }
  }

  /**
   * upstream·(y - sigmoid(logit)) as y·sigmoid(-logit) - (1 - y)·sigmoid(logit), which keeps the
   * digits of small slopes, in whole vectors; what is too small to matter is 0.
   */
  private static void slopes(
      float[] x, int x0, float[] y, int y0, float upstream, float[] slopes, int count) {
    for (int i = 0; i < count; i += Tiles.LANES) {
      FloatVector logit = FloatVector.fromArray(FLOATS, x, x0 + i);
      FloatVector target = FloatVector.fromArray(FLOATS, y, y0 + i);
      // 1/(1 + e) and e/(1 + e) with e = e^-|logit| are the sigmoids of ±logit
      FloatVector e = VectorMath.exp(logit.abs().neg());
      FloatVector large = ONE.div(e.add(1f));
      FloatVector small = e.mul(large);
      VectorMask<Float> positive = logit.compare(VectorOperators.GE, 0f);
      FloatVector up = target.mul(large.blend(small, positive));
      FloatVector down = target.sub(1f).mul(small.blend(large, positive));
      Lanes.flush(up.add(down).mul(upstream)).intoArray(slopes, i);
    }
  }
}
