package dev.elbo.device.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Buffer;
import dev.elbo.device.OpCase;
import dev.elbo.device.OpCase.Built;
import dev.elbo.device.OpCases;
import dev.elbo.device.Program;
import dev.elbo.graph.CausalAttentionBackward;
import dev.elbo.graph.CholeskyFactorBackward;
import dev.elbo.graph.ColumnSample;
import dev.elbo.graph.DivergenceBackward;
import dev.elbo.graph.Elementwise;
import dev.elbo.graph.Elementwise.UnaryBackward;
import dev.elbo.graph.Embedding;
import dev.elbo.graph.EmbeddingBackward;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import dev.elbo.graph.Function;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.LatentSampleBackward;
import dev.elbo.graph.LayerNormBackward;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.LogDeterminantBackward;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.LogLikelihoodBackward;
import dev.elbo.graph.Node;
import dev.elbo.graph.Op;
import dev.elbo.graph.Rearrangement;
import dev.elbo.graph.Reduction;
import dev.elbo.graph.Update;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every gradient rule against central differences in double precision, with the noise fixed. */
class ReferenceGradientTest {
  /**
   * Of the five-point quotient, whose truncation error is STEP⁴ f⁽⁵⁾ / 30: below 1e-12 of f' even
   * for the mixture prior, where f changes over a width of 0.01.
   */
  private static final double STEP = 1e-5;

  private static final int ELEMENT_BY_ELEMENT = 24;
  private static final int DIRECTIONS = 2;

  static List<OpCase> cases() {
    return OpCases.all().stream().filter(row -> !isLastInChain(row.op())).toList();
  }

  /** What the backward pass consists of, what comes after it, and what has none: data, moments. */
  private static boolean isLastInChain(Op op) {
    return switch (op) {
      case UnaryBackward last -> true;
      case LinearBackwardInput last -> true;
      case LinearBackwardWeight last -> true;
      case VariationalLinearBackwardInput last -> true;
      case LocalLinearBackwardInput last -> true;
      case FlipoutLinearBackwardInput last -> true;
      case WeightGradient last -> true;
      case LogLikelihoodBackward last -> true;
      case EmbeddingBackward last -> true;
      case LayerNormBackward last -> true;
      case CausalAttentionBackward last -> true;
      case DivergenceBackward last -> true;
      case LatentSampleBackward last -> true;
      case CholeskyFactorBackward last -> true;
      case LogDeterminantBackward last -> true;
      case Reduction.LogMeanExpBackward last -> true;
      case Rearrangement.StopGradient end -> true;
      case Reduction.ClipFactor last -> true;
      case Reduction.SampleMoments predictive -> true;
      case ColumnSample predictive -> true;
      case Rearrangement.GatherRows data -> true;
      case Update last -> true;
      default -> false;
    };
  }

  @Test
  void allOtherOperationsHaveARule() {
    assertThat(OpCases.all())
        .allSatisfy(
            row ->
                assertThat(
                        row.op()
                            .getClass()
                            .getMethod("gradient", Graph.class, Node.class, Value.class)
                            .getDeclaringClass()
                            .equals(Op.class))
                    .isEqualTo(isLastInChain(row.op())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithCentralDifferences(OpCase row) {
    boolean endsWithData = row.op() instanceof LogLikelihood || row.op() instanceof Embedding;
    int differentiable = row.operands().size() - (endsWithData ? 1 : 0);
    Graph forward = weighted(row).graph();
    Built built = weighted(row);
    List<Value> operands = built.operands().subList(0, differentiable);
    List<Value> gradients = Gradients.of(built.graph(), built.results().getFirst(), operands);
    for (int i = 0; i < gradients.size(); i++) {
      built.graph().output("gradient" + i, gradients.get(i));
    }
    ReferenceDevice device = new ReferenceDevice();
    try (Program backward = device.compile(built.graph(), Map.of(), OpCase.SEED);
        Program objective = device.compile(forward, Map.of(), OpCase.SEED)) {
      fill(row, backward);
      backward.run(row.step(), row.firstSample());
      fill(row, objective);
      objective.run(row.step(), row.firstSample());
      Differences differences = new Differences(row, objective);
      for (int i = 0; i < gradients.size(); i++) {
        differences.check(i, values(backward.output("gradient" + i)));
      }
    }
  }

  /** The case with the sum of its first result, times coefficients, as its only result. */
  private static Built weighted(OpCase row) {
    Built built = row.build();
    Graph graph = built.graph();
    Value result = built.results().getFirst();
    Value coefficients = graph.input("coefficients", result.shape());
    Value weighted = graph.add(new Elementwise.Multiply(), result, coefficients);
    Value objective = graph.add(new Reduction.Sum(), weighted);
    graph.output("weighted", weighted);
    graph.output("objective", objective);
    return new Built(graph, built.operands(), List.of(objective));
  }

  private static void fill(OpCase row, Program program) {
    row.elements(false).forEach((name, values) -> program.input(name).write(values));
    SplittableRandom random = new SplittableRandom(row.name().hashCode());
    double[] coefficients = values(program.input("coefficients"));
    Arrays.setAll(coefficients, i -> random.nextDouble(0.5, 1.5) * (random.nextBoolean() ? 1 : -1));
    if (row.op() instanceof Elementwise.Unary unary && unary.function() == Function.RELU) {
      // The difference quotient is no derivative within a step of the kink.
      double[] x = values(program.input("a"));
      Arrays.setAll(x, i -> x[i] + Math.copySign(0.01, x[i]));
    }
  }

  private static double[] values(Buffer buffer) {
    return ((ReferenceBuffer) buffer).values();
  }

  /** Compares gradients with difference quotients of an objective. */
  private static final class Differences {
    private final OpCase row;
    private final Program program;
    private final SplittableRandom random = new SplittableRandom(1);
    private final double rounding;

    Differences(OpCase row, Program program) {
      this.row = row;
      this.program = program;
      double terms = Arrays.stream(values(program.output("weighted"))).map(Math::abs).sum();
      // Each term of the objective is off by a few ulps; the quotient divides that by the step.
      this.rounding = 16 * Math.ulp(1.0) * Math.max(1, terms) / STEP;
    }

    void check(int position, double[] gradient) {
      double[] x = values(program.input(row.operands().get(position).name()));
      assertThat(gradient).hasSameSizeAs(x);
      if (x.length <= ELEMENT_BY_ELEMENT) {
        for (int i = 0; i < x.length; i++) {
          double[] direction = new double[x.length];
          direction[i] = 1;
          check(position, x, direction, gradient);
        }
      } else {
        for (int i = 0; i < DIRECTIONS; i++) {
          check(position, x, random.doubles(x.length, -1, 1).toArray(), gradient);
        }
      }
    }

    private void check(int position, double[] x, double[] direction, double[] gradient) {
      double near = objective(x, direction, STEP) - objective(x, direction, -STEP);
      double far = objective(x, direction, 2 * STEP) - objective(x, direction, -2 * STEP);
      double slope = (8 * near - far) / (12 * STEP);
      double expected = 0;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        expected += gradient[i] * direction[i];
        squares += Math.pow(gradient[i] * direction[i], 2);
      }
      double size = Math.max(Math.sqrt(squares), Math.abs(expected));
      assertThat(expected)
          .as("%s, gradient of %s", row.name(), row.operands().get(position).name())
          .isCloseTo(slope, within(1e-6 * size + rounding));
    }

    private double objective(double[] x, double[] direction, double step) {
      double[] saved = x.clone();
      Arrays.setAll(x, i -> saved[i] + step * direction[i]);
      program.run(row.step(), row.firstSample());
      System.arraycopy(saved, 0, x, 0, x.length);
      return values(program.output("objective"))[0];
    }
  }
}
