package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Rearrangement.Concatenate;
import dev.elbo.graph.Rearrangement.SliceColumns;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryPlanTest {
  /** A graph of random sizes, branches and outputs. */
  private static Graph random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Graph graph = new Graph();
    List<Value> values = new ArrayList<>();
    values.add(graph.input("x", Shape.of(7, 5)));
    for (int i = 0; i < 60; i++) {
      Value a = values.get(random.nextInt(Math.max(0, values.size() - 6), values.size()));
      Value b = values.get(random.nextInt(values.size()));
      values.add(
          switch (random.nextInt(4)) {
            case 0 -> graph.add(new Unary(Function.TANH), a);
            case 1 -> graph.add(new Concatenate(), a, b);
            case 2 -> graph.add(new SliceColumns(0, 1 + a.shape().columns() / 3), a);
            default -> a.shape().equals(b.shape()) ? graph.add(new Add(), a, b) : a;
          });
    }
    graph.output("last", values.getLast());
    graph.output("inner", values.get(20));
    return graph;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void valuesThatLiveAtOnceDoNotOverlap(long seed) {
    Graph graph = random(seed);
    MemoryPlan plan = MemoryPlan.of(graph);
    List<Value> computed =
        graph.nodes().stream()
            .filter(n -> !(n.op() instanceof Leaf))
            .flatMap(n -> n.outputs().stream())
            .toList();
    assertThat(plan.offsets()).containsOnlyKeys(computed);
    for (Value a : computed) {
      int end = plan.offsets().get(a) + a.shape().elements();
      assertThat(plan.offsets().get(a) % MemoryPlan.ALIGNMENT).isZero();
      assertThat(end).isLessThanOrEqualTo(plan.size());
      for (Value b : computed) {
        if (!a.equals(b) && liveAtOnce(graph, a, b)) {
          int from = plan.offsets().get(b);
          boolean apart = end <= from || from + b.shape().elements() <= plan.offsets().get(a);
          assertThat(apart).as("%s and %s", graph.label(a), graph.label(b)).isTrue();
        }
      }
    }
  }

  /** From the definition: while any node runs that computes, reads, or comes between. */
  private static boolean liveAtOnce(Graph graph, Value a, Value b) {
    return a.node() <= lastUse(graph, b) && b.node() <= lastUse(graph, a);
  }

  private static int lastUse(Graph graph, Value value) {
    if (graph.outputs().containsValue(value)) {
      return Integer.MAX_VALUE;
    }
    return graph.nodes().stream()
        .filter(n -> n.inputs().contains(value))
        .mapToInt(Node::id)
        .max()
        .orElse(value.node());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void groupsReadAndWriteAtOnceAndKeepWhatOnlyTheyRead(long seed) {
    Graph graph = random(seed);
    List<List<Node>> groups = new ArrayList<>();
    int[] groupOf = new int[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      if (node.id() % 3 == 0 || groups.isEmpty()) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(node);
      groupOf[node.id()] = groups.size() - 1;
    }
    MemoryPlan plan = MemoryPlan.of(graph, groups);
    List<Value> placed = new ArrayList<>(plan.offsets().keySet());
    for (Node node : graph.nodes()) {
      for (Value value : node.op() instanceof Leaf ? List.<Value>of() : node.outputs()) {
        List<Node> readers =
            graph.nodes().stream().filter(n -> n.inputs().contains(value)).toList();
        boolean internal =
            !readers.isEmpty()
                && !graph.outputs().containsValue(value)
                && readers.stream().allMatch(r -> groupOf[r.id()] == groupOf[node.id()]);
        assertThat(placed.contains(value)).as(graph.label(value)).isEqualTo(!internal);
      }
    }
    for (Value a : placed) {
      for (Value b : placed) {
        boolean atOnce =
            groupOf[a.node()] <= lastGroup(graph, groupOf, b)
                && groupOf[b.node()] <= lastGroup(graph, groupOf, a);
        if (!a.equals(b) && atOnce) {
          int from = plan.offsets().get(a);
          int other = plan.offsets().get(b);
          boolean apart =
              from + a.shape().elements() <= other || other + b.shape().elements() <= from;
          assertThat(apart).as("%s and %s", graph.label(a), graph.label(b)).isTrue();
        }
      }
    }
  }

  private static int lastGroup(Graph graph, int[] groupOf, Value value) {
    int node = lastUse(graph, value);
    return node == Integer.MAX_VALUE ? node : groupOf[node];
  }

  @Test
  void aDeepChainNeedsTwoPlaces() {
    Graph graph = new Graph();
    Value value = graph.input("x", Shape.of(10, 10));
    for (int i = 0; i < 50; i++) {
      value = graph.add(new Unary(Function.TANH), value);
    }
    graph.output("y", value);
    // 100 elements take 112, whole cache lines; one node reads one place and writes the other.
    assertThat(MemoryPlan.of(graph).size()).isEqualTo(2 * 112);
  }

  @Test
  void outputsKeepTheirPlaceToTheEnd() {
    Graph graph = new Graph();
    Value first = graph.add(new Unary(Function.EXP), graph.input("x", Shape.of(16)));
    graph.output("first", first);
    Value value = first;
    for (int i = 0; i < 5; i++) {
      value = graph.add(new Unary(Function.TANH), value);
    }
    MemoryPlan plan = MemoryPlan.of(graph);
    assertThat(plan.size()).isEqualTo(3 * 16);
    for (Node node : graph.nodes().subList(2, 7)) {
      assertThat(plan.offsets().get(node.output(0))).isNotEqualTo(plan.offsets().get(first));
    }
  }

  @Test
  void leavesHaveNoPlace() {
    Graph graph = new Graph();
    graph.parameter("w", Shape.of(100));
    Value sum = graph.add(new Sum(), graph.constant(1, Shape.of(100)));
    graph.output("sum", sum);
    assertThat(MemoryPlan.of(graph)).isEqualTo(new MemoryPlan(Map.of(sum, 0), 16));
  }

  @Test
  void moreThanAnArrayHoldsIsRefused() {
    Graph graph = new Graph();
    Value half = graph.input("x", Shape.of(32768, 32768));
    Value a = graph.add(new Unary(Function.EXP), half);
    graph.add(new Add(), a, a);
    assertThatThrownBy(() -> MemoryPlan.of(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the graph needs 2147483648 elements at once");
  }
}
