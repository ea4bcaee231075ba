package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.Device;
import dev.elbo.device.OpCase;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.LogLikelihoodBackward;
import dev.elbo.graph.Op;
import dev.elbo.graph.Reduction;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where results are small because large numbers cancel, they are still right; NaN stays NaN. */
@Tag("cuda")
class CudaTailsTest {
  /** Relative; e^(-x²/2) moves by x² times the rounding of x, 6e-6 at 10. */
  private static final double TOLERANCE = 2e-5;

  private static final float[] POINTS = {
    -12, -10, -6.5f, -3, -1, -1e-3f, 0, 1e-3f, 1, 3, 6.5f, 10, 12
  };

  private static final float[] POSITIVE = {1e-30f, 1e-3f, 1, 6.5f, 1e30f};

  /** An operand. */
  record In(Shape shape, float... values) {}

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void functionsAndDerivativesInBothTails(Function function) {
    float[] points = function == Function.SQRT ? POSITIVE : POINTS;
    In x = new In(Shape.of(points.length), points);
    float[] ones = new float[points.length];
    Arrays.fill(ones, 1);
    close(new Unary(function), x);
    close(new UnaryBackward(function), x, new In(x.shape(), ones));
  }

  static Stream<Arguments> likelihoods() {
    In categories = new In(Shape.of(3, 3), 20, 0, -1, -30, 40, 39, 5, -400, 600);
    In logits = new In(Shape.of(3, 3), 18, -18, 20, -20, 2, -2, 15, -40, 0);
    In certain = new In(Shape.of(3, 3), 1, 0, 1, 0, 1, 0, 1, 0, 1);
    In rates = new In(Shape.of(2, 1), 8.52f, 0.1f);
    return Stream.of(
        Arguments.of(new LogLikelihood.Categorical(), categories, new In(Shape.of(3, 1), 0, 1, 2)),
        Arguments.of(new LogLikelihood.Categorical(), categories, new In(Shape.of(3, 1), 2, 0, 1)),
        Arguments.of(new LogLikelihood.Bernoulli(), logits, certain),
        Arguments.of(new LogLikelihood.Poisson(), rates, new In(Shape.of(2, 1), 5000, 0)));
  }

  @ParameterizedTest
  @MethodSource("likelihoods")
  void likelihoodsOfNearlyCertainOutcomes(LogLikelihood op, In outputs, In targets) {
    float[] ones = new float[outputs.shape().rows()];
    Arrays.fill(ones, 1);
    close(op, outputs, targets);
    close(
        new LogLikelihoodBackward(op),
        new In(Shape.of(outputs.shape().rows(), 1), ones),
        outputs,
        targets);
  }

  @Test
  void normsBeyondFloat32StillClip() {
    close(new Reduction.ClipFactor(1), new In(Shape.of(2), 3e25f, 4e25f));
  }

  @Test
  void notANumberIsNotLost() {
    In x = new In(Shape.of(2), Float.NaN, 1);
    assertThat(results(CudaTailsTest::cuda, new Unary(Function.RELU), x).getFirst()[0]).isNaN();
    assertThat(results(CudaTailsTest::cuda, new Reduction.ClipFactor(1), x).getFirst()[0]).isNaN();
    In logits = new In(Shape.of(1, 3), 0, Float.NaN, 1);
    In label = new In(Shape.of(1, 1), 2);
    LogLikelihood categorical = new LogLikelihood.Categorical();
    assertThat(results(CudaTailsTest::cuda, categorical, logits, label).getFirst()[0]).isNaN();
  }

  private static Device cuda() {
    return new CudaDevice(0, Precision.F32);
  }

  private static void close(Op op, In... operands) {
    List<double[]> expected = results(ReferenceDevice::new, op, operands);
    List<double[]> actual = results(CudaTailsTest::cuda, op, operands);
    for (int y = 0; y < expected.size(); y++) {
      for (int i = 0; i < expected.get(y).length; i++) {
        double value = expected.get(y)[i];
        assertThat(Math.abs(actual.get(y)[i] - value))
            .as("%s result %d [%d]: %s, not %s", op, y, i, actual.get(y)[i], value)
            .isLessThanOrEqualTo(TOLERANCE * Math.abs(value) + 1e-20);
      }
    }
  }

  private static List<double[]> results(Supplier<Device> devices, Op op, In... operands) {
    Graph graph = new Graph();
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      inputs.add(graph.input("x" + i, operands[i].shape()));
    }
    List<Value> results = graph.addAll(op, inputs);
    for (int i = 0; i < results.size(); i++) {
      graph.output("y" + i, results.get(i));
    }
    try (Device device = devices.get();
        Program program = device.compile(graph, Map.of(), 1)) {
      for (int i = 0; i < operands.length; i++) {
        program.input("x" + i).write(operands[i].values());
      }
      program.run(1, 0);
      return Stream.iterate(0, i -> i < results.size(), i -> i + 1)
          .map(i -> OpCase.values(program.output("y" + i)))
          .toList();
    }
  }
}
