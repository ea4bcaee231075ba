package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which nodes run together, and in whose place. */
class GroupsTest {
  private static final int SAMPLES = 2;
  private static final Epilogues ALL =
      new Epilogues() {
        @Override
        public boolean of(Op product) {
          return true;
        }

        @Override
        public boolean takes(Shape bias, int samples, int rows) {
          return bias.rows() == 1 || bias.rows() == samples || bias.rows() == rows;
        }
      };
  private static final Unary RELU = new Unary(Function.RELU);

  private final Graph graph = new Graph();
  private final Value x = graph.input("x", Shape.of(8, 5));
  private final Value w = graph.parameter("w", Shape.of(SAMPLES * 3, 5));

  /** The groups, without leaves: "Linear+AddBias Sum". */
  private String groups() {
    return Groups.of(graph, ALL).stream()
        .map(Group::nodes)
        .filter(nodes -> !(nodes.getFirst().op() instanceof Leaf))
        .map(nodes -> nodes.stream().map(n -> n.op().name()).collect(Collectors.joining("+")))
        .collect(Collectors.joining(" "));
  }

  private Value product() {
    return graph.add(new Linear(SAMPLES, false), x, w);
  }

  private Value bias(int rows) {
    return graph.input("bias", Shape.of(rows, 3));
  }

  @Test
  void aProductWaitsForABiasThatIsDrawnAfterIt() {
    Value y = product();
    Value mu = graph.parameter("mu", Shape.of(3));
    Value logSigma = graph.parameter("log_sigma", Shape.of(3));
    Value bias = graph.add(new Sample(new NoiseSite(1, SAMPLES, false), 1), mu, logSigma);
    Value sum = graph.add(new AddBias(), y, bias);
    graph.output("relu", graph.add(RELU, sum));
    assertThat(groups()).isEqualTo("Sample Linear+AddBias+Unary");
  }

  @Test
  void otherFunctionsStayApart() {
    Value sum = graph.add(new AddBias(), product(), bias(1));
    graph.output("y", graph.add(new Unary(Function.TANH), sum));
    assertThat(groups()).isEqualTo("Linear+AddBias Unary");
  }

  @Test
  void aBiasOfSomeRowsOnlyStaysApart() {
    graph.output("y", graph.add(new AddBias(), product(), bias(4)));
    assertThat(groups()).isEqualTo("Linear AddBias");
  }

  @Test
  void aProductThatIsReadElsewhereStaysApart() {
    Value y = product();
    graph.output("y", graph.add(new AddBias(), y, bias(1)));
    graph.output("twice", graph.add(new Scale(2), y));
    assertThat(groups()).isEqualTo("Linear AddBias Scale");
  }

  @Test
  void aProductThatIsAnOutputStaysApart() {
    Value y = product();
    graph.output("product", y);
    graph.output("y", graph.add(new AddBias(), y, bias(1)));
    assertThat(groups()).isEqualTo("Linear AddBias");
  }

  @Test
  void aSumThatIsReadBeforeItsActivationIsNotWaitedFor() {
    Value sum = graph.add(new AddBias(), product(), bias(1));
    graph.output("twice", graph.add(new Scale(2), sum));
    graph.output("relu", graph.add(RELU, sum));
    assertThat(groups()).isEqualTo("Linear+AddBias Scale Unary");
  }

  @Test
  void aProductDoesNotWaitBeyondAnUpdateOfItsWeights() {
    Value y = product();
    graph.addAll(
        new SgdUpdate(new StepRule.Sgd(0.5)),
        List.of(
            graph.input("guard", Shape.SCALAR),
            graph.input("rate", Shape.SCALAR),
            w,
            graph.input("dw", w.shape()),
            graph.parameter("velocity", w.shape())));
    graph.output("y", graph.add(new AddBias(), y, bias(1)));
    assertThat(groups()).isEqualTo("Linear SgdUpdate AddBias");
  }

  @Test
  void aGradientIsMaskedInThePlaceOfTheProduct() {
    Value dy = graph.input("dy", Shape.of(8, 3));
    Value dx = graph.add(new LinearBackwardInput(SAMPLES, false), dy, w);
    graph.output("other", graph.add(new Scale(2), dy));
    graph.output("masked", graph.add(new UnaryBackward(Function.RELU), x, dx));
    assertThat(groups()).isEqualTo("LinearBackwardInput+UnaryBackward Scale");
  }

  @Test
  void aMaskThatComesLaterIsNotWaitedFor() {
    Value dy = graph.input("dy", Shape.of(8, 3));
    Value dx = graph.add(new LinearBackwardInput(SAMPLES, false), dy, w);
    Value mask = graph.add(new Scale(2), x);
    graph.output("masked", graph.add(new UnaryBackward(Function.RELU), mask, dx));
    assertThat(groups()).isEqualTo("LinearBackwardInput Scale UnaryBackward");
  }
}
