package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.Divergence.KlLearnedGaussian;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.LogLikelihood.Bernoulli;
import dev.elbo.graph.LogLikelihood.Categorical;
import dev.elbo.graph.LogLikelihood.Gaussian;
import dev.elbo.graph.Rearrangement.Concatenate;
import dev.elbo.graph.Rearrangement.Fill;
import dev.elbo.graph.Rearrangement.GatherRows;
import dev.elbo.graph.Rearrangement.PadColumns;
import dev.elbo.graph.Rearrangement.RepeatColumns;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Rearrangement.SliceColumns;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.Reduction.SampleMoments;
import dev.elbo.graph.Reduction.SumRepeats;
import dev.elbo.graph.Reduction.SumRows;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.graph.WeightGradient.LocalLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import dev.elbo.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each operation refuses, in which words, and the shapes that it gives. */
class ShapeRuleTest {
  private static final NoiseSite ONE = new NoiseSite(0, 1, false);
  private static final NoiseSite TWO = new NoiseSite(0, 2, false);
  private static final Shape S = Shape.SCALAR;

  static Shape m(Integer... sizes) {
    return Shape.of(sizes);
  }

  static Arguments bad(Op op, String message, Shape... inputs) {
    return arguments(op, Arrays.asList(inputs), message);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        bad(new Add(), "Add takes 2 inputs, got 1", S),
        bad(new Add(), "Add: [2x3] and [3x2] have different shapes", m(2, 3), m(3, 2)),
        bad(new Multiply(), "Multiply: [2x3] and [3] have different shapes", m(2, 3), m(3)),
        bad(new Scale(2), "Scale takes 1 inputs, got 2", S, S),
        bad(
            new Elementwise.UnaryBackward(Function.RELU),
            "UnaryBackward: [2x3] and [] have different shapes",
            m(2, 3),
            S),
        bad(new AddBias(), "AddBias: bias [1x2] does not fit rows [2x3]", m(2, 3), m(1, 2)),
        bad(new AddBias(), "AddBias: bias [2x3] does not fit rows [3x3]", m(3, 3), m(2, 3)),
        bad(new Concatenate(), "Concatenate needs an input"),
        bad(
            new Concatenate(),
            "Concatenate: [3x2] does not have 2 rows as the first",
            m(2, 2),
            m(3, 2)),
        bad(new SliceColumns(1, 3), "SliceColumns: columns 1..3 are not in [2x3]", m(2, 3)),
        bad(new SliceColumns(-1, 3), "SliceColumns: columns -1..1 are not in [2x3]", m(2, 3)),
        bad(new SliceColumns(1, 0), "SliceColumns: columns 1..0 are not in [2x3]", m(2, 3)),
        bad(
            new RepeatColumns(2),
            "RepeatColumns: [2x3] is not one column to repeat 2 times",
            m(2, 3)),
        bad(
            new RepeatColumns(0),
            "RepeatColumns: [2x1] is not one column to repeat 0 times",
            m(2, 1)),
        bad(new PadColumns(1, 3), "PadColumns: [2x3] at column 1 does not fit 3 columns", m(2, 3)),
        bad(
            new PadColumns(-1, 3),
            "PadColumns: [2x3] at column -1 does not fit 3 columns",
            m(2, 3)),
        bad(new RepeatRows(0), "RepeatRows: times must be positive, got 0", m(2, 3)),
        bad(
            new GatherRows(),
            "GatherRows: the table has 16777217 rows, float32 numbers them to 16777216",
            m((1 << 24) + 1, 1),
            m(2)),
        bad(new Fill(m(2)), "Fill takes one number, got [2x3]", m(2, 3)),
        bad(new SumRows(m(2, 3)), "SumRows: [5x3] cannot be summed to [2x3]", m(5, 3)),
        bad(new SumRows(m(2, 3)), "SumRows: [4x2] cannot be summed to [2x3]", m(4, 2)),
        bad(new SumRepeats(2), "SumRepeats: [5x3] does not hold 2 repeats", m(5, 3)),
        bad(new SumRepeats(0), "SumRepeats: [5x3] does not hold 0 repeats", m(5, 3)),
        bad(new SampleMoments(2), "SampleMoments: [5x3] does not hold 2 samples", m(5, 3)),
        bad(new SampleMoments(0), "SampleMoments: [5x3] does not hold 0 samples", m(5, 3)),
        bad(new ClipFactor(1), "ClipFactor needs a gradient"));
  }

  static Stream<Arguments> refusedByLayers() {
    VariationalLinear naive = new VariationalLinear(TWO, false);
    return Stream.of(
        bad(new Linear(2, false), "Linear: weights [3x4] are not 2 matrices", m(2, 4), m(3, 4)),
        bad(
            new Linear(1, false),
            "Linear: an input [2x5] does not meet weights of 4 columns",
            m(2, 5),
            m(3, 4)),
        bad(
            new Linear(2, false),
            "Linear: the rows of [3x4] are not those of 2 samples",
            m(3, 4),
            m(2, 4)),
        bad(
            new LinearBackwardInput(2, false),
            "LinearBackwardInput: gradient [4x3], weights [3x4]",
            m(4, 3),
            m(3, 4)),
        bad(
            new LinearBackwardInput(2, false),
            "LinearBackwardInput: the rows of [5x3] are not those of 2 samples",
            m(5, 3),
            m(6, 4)),
        bad(
            new LinearBackwardWeight(2, true),
            "LinearBackwardWeight: the gradient [3x3] does not have the rows of the input [3x4]",
            m(3, 4),
            m(3, 3)),
        bad(
            naive,
            "VariationalLinear: mu [3x4] and log_sigma [4x3] must be vectors or matrices of one"
                + " shape",
            m(2, 4),
            m(3, 4),
            m(4, 3)),
        bad(naive, "VariationalLinear: weights [4] are not a matrix", m(2, 4), m(4), m(4)),
        bad(
            new VariationalLinearBackwardInput(TWO, false),
            "VariationalLinearBackwardInput: gradient [4x5], weights [3x4]",
            m(4, 5),
            m(3, 4),
            m(3, 4)),
        bad(
            new FlipoutLinearBackwardInput(new FlipoutLinear(ONE, 1, 2, false)),
            "FlipoutLinearBackwardInput: gradient [4x5], weights [3x4]",
            m(4, 5),
            m(3, 4),
            m(3, 4)),
        bad(
            new LocalLinearBackwardInput(ONE, false),
            "LocalLinearBackwardInput: gradient [2x3], std [2x4], weights [3x4]",
            m(2, 3),
            m(2, 4),
            m(2, 4),
            m(3, 4),
            m(3, 4)),
        bad(
            new LocalLinearBackwardWeight(ONE, false),
            "LocalLinearBackwardWeight: std [2x4], not [2x3]",
            m(2, 4),
            m(2, 3),
            m(2, 4),
            m(3, 4),
            m(3, 4)),
        bad(
            new VariationalLinearBackwardWeight(ONE, false),
            "VariationalLinearBackwardWeight: input [2x4] and gradient [2x3] do not meet weights"
                + " [4x3]",
            m(2, 4),
            m(2, 3),
            m(4, 3),
            m(4, 3)),
        bad(new Sample(ONE, 2), "Sample: 2 copies of a tensor [3x4]", m(3, 4), m(3, 4)),
        bad(new Sample(ONE, 0), "Sample: 0 copies of a tensor [3]", m(3), m(3)),
        bad(
            new SampleBackward(TWO, 1),
            "SampleBackward: gradient [3x4] is not that of 2 draws of [3x4]",
            m(3, 4),
            m(3, 4),
            m(3, 4)));
  }

  static Stream<Arguments> refusedByDensitiesAndUpdates() {
    return Stream.of(
        bad(
            new Categorical(),
            "Categorical: targets [2x3] do not fit outputs [2x3]",
            m(2, 3),
            m(2, 3)),
        bad(new Bernoulli(), "Bernoulli: targets [3x3] do not fit outputs [4x3]", m(4, 3), m(3, 3)),
        bad(
            new Gaussian(),
            "Gaussian: log_scale [3x3] does not fit the outputs [4x3]",
            m(4, 3),
            m(3, 3),
            m(4, 3)),
        bad(
            new LogLikelihoodBackward(new Bernoulli()),
            "LogLikelihoodBackward: gradient [3x1], not [2x1]",
            m(3, 1),
            m(2, 3),
            m(2, 3)),
        bad(
            new LogLikelihoodBackward(new Bernoulli()),
            "LogLikelihoodBackward takes at least 3 inputs",
            m(3, 1)),
        bad(
            new KlLearnedGaussian(),
            "KlLearnedGaussian: the prior's [1] is no scalar",
            m(3),
            m(3),
            m(1)),
        bad(
            new DivergenceBackward(new KlGaussian(1)),
            "DivergenceBackward: gradient [1] is no scalar",
            m(1),
            m(3),
            m(3)),
        bad(
            new DivergenceBackward(new KlGaussian(1)),
            "DivergenceBackward takes at least 3 inputs",
            S),
        bad(
            new SgdUpdate(new Sgd(0)),
            "SgdUpdate: guard and learning rate must be scalars, got [] and [1]",
            S,
            m(1),
            m(3),
            m(3),
            m(3)),
        bad(
            new AdamUpdate(Adam.DEFAULT),
            "AdamUpdate: [4] does not have the shape of the parameter [3]",
            S,
            S,
            m(3),
            m(3),
            m(3),
            m(4)),
        bad(new AdamUpdate(Adam.DEFAULT), "AdamUpdate takes 6 inputs, got 1", S),
        bad(new IvonUpdate(new Ivon(0.9, 0.9, 1, 1, 1, 1)), "IvonUpdate takes 8 inputs, got 0"));
  }

  private static FusedUpdate fused() {
    return new FusedUpdate(new SampleBackward(ONE, 1), new KlGaussian(1), new Sgd(0));
  }

  static Stream<Arguments> refusedByFusedUpdate() {
    String name = "FusedUpdate(SampleBackward, KlGaussian, Sgd): ";
    return Stream.of(
        bad(fused(), name + "only 2 inputs", S, S),
        bad(
            fused(),
            name + "guard, learning rate and upstream gradient must be scalars, got [[], [1], []]",
            S,
            m(1),
            S,
            m(1, 3),
            m(3),
            m(3),
            m(3),
            m(3)),
        bad(fused(), name + "state [4] of weights [3]", S, S, S, m(1, 3), m(3), m(3), m(3), m(4)));
  }

  @ParameterizedTest
  @MethodSource({
    "refused",
    "refusedByLayers",
    "refusedByDensitiesAndUpdates",
    "refusedByFusedUpdate",
    "dev.elbo.graph.ModelShapeRows#refused",
    "dev.elbo.graph.ModelShapeRows#refusedBySequences"
  })
  void refuses(Op op, List<Shape> inputs, String message) {
    assertThatThrownBy(() -> op.outputShapes(inputs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  static Stream<Arguments> given() {
    return Stream.of(
        arguments(new Linear(2, true), List.of(m(5, 7), m(6, 7)), List.of(m(10, 3))),
        arguments(
            new LocalLinear(TWO, true),
            List.of(m(5, 7), m(3, 7), m(3, 7)),
            List.of(m(10, 3), m(5, 3))),
        arguments(new LinearBackwardInput(2, true), List.of(m(10, 3), m(6, 7)), List.of(m(5, 7))),
        arguments(new LinearBackwardWeight(2, true), List.of(m(5, 7), m(10, 3)), List.of(m(6, 7))),
        arguments(new Sample(TWO, 3), List.of(m(4), m(4)), List.of(m(6, 4))),
        arguments(new ColumnSample(TWO), List.of(m(4, 5), m(4, 5)), List.of(m(8, 5))),
        arguments(new Sample(TWO, 1), List.of(m(4, 5), m(4, 5)), List.of(m(8, 5))),
        arguments(new Concatenate(), List.of(m(2, 3), m(2, 1), m(2, 4)), List.of(m(2, 8))),
        arguments(new Categorical(), List.of(m(6, 4), m(3, 1)), List.of(m(6, 1))),
        arguments(
            new LogLikelihoodBackward(new Gaussian()),
            List.of(m(6, 1), m(6, 4), m(1, 4), m(3, 4)),
            List.of(m(6, 4), m(1, 4))));
  }

  @ParameterizedTest
  @MethodSource("given")
  void gives(Op op, List<Shape> inputs, List<Shape> outputs) {
    assertThat(op.outputShapes(inputs)).isEqualTo(outputs);
  }
}
