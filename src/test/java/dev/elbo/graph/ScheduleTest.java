package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private final Graph graph = new Graph();
  private final Value rate = graph.input("rate", Shape.SCALAR);
  private final Value w = graph.parameter("w", Shape.of(3));
  private final Value velocity = graph.parameter("velocity", Shape.of(3));

  private void update(Value parameter, Value gradient, Value state) {
    graph.addAll(new SgdUpdate(new Sgd(0.9)), List.of(rate, rate, parameter, gradient, state));
  }

  private static List<String> names(Graph graph) {
    return graph.nodes().stream().map(n -> n.op().name()).toList();
  }

  @Test
  void deadCodeIsDropped() {
    // All but inputs, which whoever runs the graph writes.
    graph.input("unused", Shape.of(5));
    graph.add(new Sum(), graph.constant(1, Shape.of(2)));
    Value used = graph.add(new Unary(Function.EXP), w);
    graph.add(new Unary(Function.TANH), used);
    graph.output("y", used);
    Graph schedule = Schedule.composed(graph);
    assertThat(names(schedule)).containsExactly("Input", "Parameter", "Input", "Unary");
    assertThat(schedule.outputs().get("y")).isSameAs(schedule.nodes().get(3).output(0));
  }

  @Test
  void updatesComeAfterAllReadersOfWhatTheyOverwrite() {
    Value gradient = graph.add(new Scale(2), w);
    update(w, gradient, velocity);
    // Built after the update, yet it reads the weights before the step.
    Value norm = graph.add(new Sum(), graph.add(new Unary(Function.SQUARE), w));
    Value speed = graph.add(new Sum(), velocity);
    graph.output("norm", norm);
    graph.output("speed", speed);
    Graph schedule = Schedule.composed(graph);
    assertThat(schedule.nodes().getLast().op()).isInstanceOf(Update.class);
    assertThat(names(schedule)).filteredOn("SgdUpdate"::equals).hasSize(1);
  }

  @Test
  void oneUpdateMayReadWhatAnotherOverwrites() {
    Value b = graph.parameter("b", Shape.of(3));
    Value state = graph.parameter("state", Shape.of(3));
    update(w, b, velocity);
    update(b, graph.add(new Scale(2), b), state);
    Graph schedule = Schedule.composed(graph);
    List<String> written =
        schedule.nodes().stream()
            .filter(n -> n.op() instanceof Update)
            .map(n -> schedule.label(n.input(2)))
            .toList();
    assertThat(written).containsExactly("w", "b");
  }

  @Test
  void theOrderOfTheSourceIsKept() {
    Value a = graph.add(new Unary(Function.EXP), w);
    Value b = graph.add(new Unary(Function.TANH), w);
    graph.output("sum", graph.add(new Add(), b, a));
    Graph schedule = Schedule.composed(graph);
    assertThat(schedule.nodes())
        .extracting(Node::op)
        .containsExactly(
            new Leaf.Input("rate", Shape.SCALAR),
            new Leaf.Parameter("w", Shape.of(3)),
            new Unary(Function.EXP),
            new Unary(Function.TANH),
            new Add());
  }

  @Test
  void severalOutputsAndOneValueUnderTwoNames() {
    Value a = graph.add(new Unary(Function.EXP), w);
    graph.output("a", a);
    graph.output("again", a);
    graph.output("w", w);
    Graph schedule = Schedule.fused(graph);
    assertThat(schedule.outputs().keySet()).containsExactly("a", "again", "w");
    assertThat(schedule.outputs().get("a")).isSameAs(schedule.outputs().get("again"));
    assertThat(schedule.label(schedule.outputs().get("w"))).isEqualTo("w");
  }

  @Test
  void aCircleOfUpdatesIsRefused() {
    Value b = graph.parameter("b", Shape.of(3));
    Value state = graph.parameter("state", Shape.of(3));
    update(w, b, velocity);
    update(b, w, state);
    assertThatThrownBy(() -> Schedule.composed(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("updates depend on what they overwrite in a circle");
  }

  @Test
  void aParameterIsUpdatedOnce() {
    update(w, w, velocity);
    update(w, w, graph.parameter("state", Shape.of(3)));
    assertThatThrownBy(() -> Schedule.composed(graph)).hasMessage("w is updated twice");
  }

  @Test
  void onlyParametersAreOverwritten() {
    Value computed = graph.add(new Unary(Function.EXP), w);
    update(computed, w, velocity);
    assertThatThrownBy(() -> Schedule.composed(graph))
        .hasMessage("SgdUpdate overwrites Unary[[3]] at node 3, which is no parameter");
  }
}
