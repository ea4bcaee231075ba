package dev.elbo.device.cpu;

import dev.elbo.device.SpecialFunctions;
import dev.elbo.graph.Function;

/** The functions of one number and their derivatives, in double precision. */
final class Functions {
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double INVERSE_SQRT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  private Functions() {}

  /** y = f(x) for a range of elements. */
  static void apply(Function function, CpuBuffer x, CpuBuffer y, int from, int count) {
    for (int i = from; i < from + count; i++) {
      y.array()[y.offset() + i] = (float) value(function, x.array()[x.offset() + i]);
    }
  }

  /** dx = f'(x) dy for a range of elements. */
  static void applyBackward(
      Function function, CpuBuffer x, CpuBuffer dy, CpuBuffer dx, int from, int count) {
    for (int i = from; i < from + count; i++) {
      double slope = slope(function, x.array()[x.offset() + i]);
      dx.array()[dx.offset() + i] = (float) (slope * dy.array()[dy.offset() + i]);
    }
  }

  /** f(x). */
  static double value(Function function, double x) {
    return switch (function) {
      case RELU -> Math.max(0, x);
      case GELU -> x * normalCdf(x);
      case TANH -> Math.tanh(x);
      case SOFTPLUS -> softplus(x);
      case SIGMOID -> sigmoid(x);
      case EXP -> Math.exp(x);
      case SQUARE -> x * x;
    };
  }

  /** f'(x). */
  static double slope(Function function, double x) {
    return switch (function) {
      case RELU -> x > 0 ? 1 : 0;
      case GELU -> normalCdf(x) + x * INVERSE_SQRT_2_PI * Math.exp(-0.5 * x * x);
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
      case SOFTPLUS -> sigmoid(x);
      case SIGMOID -> sigmoid(x) * sigmoid(-x);
      case EXP -> Math.exp(x);
      case SQUARE -> 2 * x;
    };
  }

  /** 1 / (1 + e^-x). */
  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** log(1 + e^x), for large x too. */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double normalCdf(double x) {
    return 0.5 * SpecialFunctions.erfc(-x * SQRT_HALF);
  }
}
