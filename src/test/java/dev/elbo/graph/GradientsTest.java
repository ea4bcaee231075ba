package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.device.OpCase;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Rearrangement.StopGradient;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Reverse mode on graphs with branches; the rules of single operations have a test of their own.
 */
class GradientsTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", Shape.of(2));
  private final Value y = graph.input("y", Shape.of(2));

  /** Gradients at x = (3, 5), y = (7, 11). */
  private List<double[]> gradients(Value objective, Value... of) {
    List<Value> gradients = Gradients.of(graph, objective, List.of(of));
    for (int i = 0; i < gradients.size(); i++) {
      graph.output("d" + i, gradients.get(i));
    }
    try (Program program = new ReferenceDevice().compile(graph, Map.of(), 1)) {
      program.input("x").write(new float[] {3, 5});
      program.input("y").write(new float[] {7, 11});
      program.run(1, 0);
      return gradients.stream()
          .map(g -> OpCase.values(program.output("d" + gradients.indexOf(g))))
          .toList();
    }
  }

  private Value sum(Value value) {
    return graph.add(new Sum(), value);
  }

  @Test
  void branchesAddUp() {
    // f = sum(x·y + 2x): df/dx = y + 2, df/dy = x.
    Value product = graph.add(new Multiply(), x, y);
    Value f = sum(graph.add(new Add(), product, graph.add(new Scale(2), x)));
    assertThat(gradients(f, x, y)).containsExactly(new double[] {9, 13}, new double[] {3, 5});
  }

  @Test
  void anInputUsedTwiceByOneOperation() {
    assertThat(gradients(sum(graph.add(new Multiply(), x, x)), x))
        .containsExactly(new double[] {6, 10});
  }

  @Test
  void residualConnections() {
    // h = x², g = h + x, f = sum(g·h) = sum(x⁴ + x³): df/dx = 4x³ + 3x².
    Value h = graph.add(new Unary(Function.SQUARE), x);
    Value g = graph.add(new Add(), h, x);
    assertThat(gradients(sum(graph.add(new Multiply(), g, h)), x))
        .containsExactly(new double[] {135, 575});
  }

  @Test
  void severalLossesOfOneGraph() {
    Value first = sum(graph.add(new Multiply(), x, y));
    Value second = sum(graph.add(new Unary(Function.SQUARE), x));
    Value both = graph.add(new Add(), first, graph.add(new Scale(0.5), second));
    List<Value> ofFirst = Gradients.of(graph, first, List.of(x));
    graph.output("first", ofFirst.getFirst());
    assertThat(gradients(both, x)).containsExactly(new double[] {10, 16});
    assertThat(graph.outputs()).containsKeys("first", "d0");
  }

  @Test
  void gradientOfAnInnerValueAndOfTheObjectiveItself() {
    Value h = graph.add(new Unary(Function.SQUARE), x);
    Value f = sum(graph.add(new Multiply(), h, y));
    assertThat(gradients(f, h, f)).containsExactly(new double[] {7, 11}, new double[] {1});
  }

  /** With c = x² as a constant, f = sum(c·x): df/dx = c; df/dc = x can be asked for as well. */
  @Test
  void aStopEndsTheGradientAndHasOneItself() {
    Value c = graph.add(new StopGradient(), graph.add(new Unary(Function.SQUARE), x));
    Value f = sum(graph.add(new Multiply(), c, x));
    assertThat(gradients(f, x, c)).containsExactly(new double[] {9, 25}, new double[] {3, 5});
  }

  @Test
  void zerosWhereTheObjectiveDoesNotDepend() {
    assertThat(gradients(sum(y), x)).containsExactly(new double[] {0, 0});
  }

  @Test
  void nothingIsAddedForBranchesThatAreNotAskedFor() {
    Value f = sum(graph.add(new Multiply(), graph.add(new Unary(Function.EXP), y), x));
    Gradients.of(graph, f, List.of(x));
    assertThat(graph.nodes()).noneMatch(n -> n.op() instanceof Elementwise.UnaryBackward);
  }

  @Test
  void theObjectiveMustBeAScalar() {
    assertThatThrownBy(() -> Gradients.of(graph, x, List.of(x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the objective must be a scalar, got [2]");
  }

  @Test
  void operationsWithoutARuleSaySo() {
    Value f = graph.add(new ClipFactor(1), x);
    assertThatThrownBy(() -> Gradients.of(graph, f, List.of(x)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ClipFactor has no gradient rule");
  }

  @Test
  void resultsWithoutAGradientSaySo() {
    Value mu = graph.parameter("mu", Shape.of(3, 2));
    Value input = graph.input("rows", Shape.of(4, 2));
    Value std =
        graph
            .addAll(new LocalLinear(new NoiseSite(0, 1, false), false), List.of(input, mu, mu))
            .get(1);
    Value f = sum(std);
    assertThatThrownBy(() -> Gradients.of(graph, f, List.of(mu)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the objective depends on LocalLinear[[4x2], [3x2], [3x2]] at node 4, result 1,"
                + " which carries no gradient");
  }

  @Test
  void aVectorThatARuleTakesForAMatrixIsRefused() {
    Value f = sum(graph.add(new RepeatRows(3), x));
    assertThatThrownBy(() -> Gradients.of(graph, f, List.of(x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("RepeatRows[[2]] at node 2 gives a gradient [1x2] for its input [2]");
  }
}
