package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
  private final Graph graph = new Graph();
  private final Value a = graph.input("a", Shape.of(2, 3));

  @Test
  void nodesKeepTheirOrderAndValues() {
    Value w = graph.parameter("w", Shape.of(2, 3));
    Value sum = graph.add(new Add(), a, w);
    graph.output("sum", sum);
    assertThat(graph.nodes())
        .extracting(n -> n.op().name())
        .containsExactly("Input", "Parameter", "Add");
    assertThat(graph.outputs()).containsEntry("sum", sum);
    assertThat(graph.node(sum).inputs()).containsExactly(a, w);
    assertThat(graph.node(sum).inputShapes()).containsExactly(Shape.of(2, 3), Shape.of(2, 3));
  }

  @Test
  void labelsSayWhereAValueComesFrom() {
    Value w = graph.parameter("w", Shape.of(4, 3));
    List<Value> local =
        graph.addAll(new LocalLinear(new NoiseSite(0, 1, false), false), List.of(a, w, w));
    Value sum = graph.add(new Add(), a, a);
    assertThat(graph.label(a)).isEqualTo("a");
    assertThat(graph.label(w)).isEqualTo("w");
    assertThat(graph.label(sum)).isEqualTo("Add[[2x3], [2x3]] at node 3");
    assertThat(graph.label(local.get(1)))
        .isEqualTo("LocalLinear[[2x3], [4x3], [4x3]] at node 2, result 1");
  }

  @Test
  void aNameIsTakenOnce() {
    assertThatThrownBy(() -> graph.parameter("a", Shape.SCALAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the graph already has a value named 'a'");
    graph.output("y", a);
    assertThatThrownBy(() -> graph.output("y", a)).hasMessage("output 'y' is named twice");
  }

  @Test
  void valuesOfAnotherGraphAreRefused() {
    Graph other = new Graph();
    Value foreign = other.input("a", Shape.of(2, 3));
    Value later = other.add(new Elementwise.Unary(Function.TANH), foreign);
    Value second =
        other
            .addAll(
                new LocalLinear(new NoiseSite(0, 1, false), false),
                List.of(foreign, foreign, foreign))
            .get(1);
    graph.add(new Add(), a, a);
    graph.add(new Add(), a, a);
    for (Value value : List.of(foreign, later, second)) {
      assertThatThrownBy(() -> graph.add(new Add(), a, value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Add: an input is not a value of this graph");
      assertThatThrownBy(() -> graph.output("y", value))
          .hasMessage("output 'y' is not a value of this graph");
    }
  }
}
