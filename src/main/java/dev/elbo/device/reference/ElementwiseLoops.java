package dev.elbo.device.reference;

import dev.elbo.device.SpecialFunctions;
import dev.elbo.graph.Elementwise;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.MultiplyRow;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import dev.elbo.graph.Function;
import java.util.List;

/** {@link Elementwise}. */
final class ElementwiseLoops {
  private ElementwiseLoops() {}

  static void run(Elementwise op, List<ReferenceBuffer> in, ReferenceBuffer y) {
    ReferenceBuffer x = in.getFirst();
    for (int i = 0; i < y.elements(); i++) {
      y.set(
          i,
          switch (op) {
            case Unary unary -> value(unary.function(), x.get(i));
            case UnaryBackward unary -> derivative(unary.function(), x.get(i)) * in.get(1).get(i);
            case Add add -> x.get(i) + sameOrScalar(in.get(1), i);
            case Multiply multiply -> x.get(i) * sameOrScalar(in.get(1), i);
            case Scale scale -> scale.factor() * x.get(i);
            case MultiplyRow multiply -> x.get(i) * bias(in.get(1), x, i);
            case AddBias add -> x.get(i) + bias(in.get(1), x, i);
          });
    }
  }

  private static double sameOrScalar(ReferenceBuffer b, int index) {
    return b.get(b.elements() == 1 ? 0 : index);
  }

  private static double bias(ReferenceBuffer bias, ReferenceBuffer x, int index) {
    int row = index / x.columns();
    int rowsOfGroup = x.rows() / bias.rows();
    return bias.get(row / rowsOfGroup, index % x.columns());
  }

  static double value(Function function, double x) {
    return switch (function) {
      case RELU -> Math.max(0, x);
      case GELU -> x * normalDistribution(x);
      case TANH -> Math.tanh(x);
      case SOFTPLUS -> softplus(x);
      case SIGMOID -> sigmoid(x);
      case EXP -> Math.exp(x);
      case SQUARE -> x * x;
      case SQRT -> Math.sqrt(x);
    };
  }

  /** f'(x); that of RELU is 0 at 0. */
  static double derivative(Function function, double x) {
    return switch (function) {
      case RELU -> x > 0 ? 1 : 0;
      case GELU -> normalDistribution(x) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
      case SOFTPLUS -> sigmoid(x);
      case SIGMOID -> sigmoid(x) * sigmoid(-x);
      case EXP -> Math.exp(x);
      case SQUARE -> 2 * x;
      case SQRT -> 0.5 / Math.sqrt(x);
    };
  }

  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  private static double normalDistribution(double x) {
    return 0.5 * SpecialFunctions.erfc(-x / Math.sqrt(2));
  }
}
