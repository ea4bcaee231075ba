package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reverse-mode differentiation: one walk from the objective back, one rule an operation. */
public final class Gradients {
  private Gradients() {}

  /**
   * Adds to the graph the gradients of a scalar with respect to the given values.
   *
   * @return one value for each of {@code of}, in order; zeros where the objective does not depend
   *     on it
   * @throws IllegalArgumentException when the objective is not a scalar, or depends on the given
   *     values through a result that carries no gradient, as the std of {@link LocalLinear}
   */
  public static List<Value> of(Graph graph, Value objective, List<Value> of) {
    Check.that(
        objective.shape().equals(Shape.SCALAR),
        "the objective must be a scalar, got %s",
        objective.shape());
    Set<Integer> dependent = dependents(graph, of);
    Map<Value, Value> gradients = new HashMap<>();
    gradients.put(objective, graph.constant(1, Shape.SCALAR));
    List<Node> nodes = List.copyOf(graph.nodes());
    for (int id = objective.node(); id >= 0; id--) {
      Node node = nodes.get(id);
      Value upstream = node.outputs().isEmpty() ? null : gradients.get(node.output(0));
      if (upstream != null && dependent.contains(id) && !endsGradients(node)) {
        propagate(graph, node, upstream, dependent, gradients);
      }
    }
    return of.stream()
        .map(
            v ->
                Optional.ofNullable(gradients.get(v)).orElseGet(() -> graph.constant(0, v.shape())))
        .toList();
  }

  private static boolean endsGradients(Node node) {
    return node.op() instanceof Leaf || node.op() instanceof Rearrangement.StopGradient;
  }

  private static void propagate(
      Graph graph, Node node, Value upstream, Set<Integer> dependent, Map<Value, Value> gradients) {
    List<Optional<Value>> contributions = node.op().gradient(graph, node, upstream);
    for (int i = 0; i < contributions.size(); i++) {
      Value input = node.input(i);
      if (contributions.get(i).isPresent() && dependent.contains(input.node())) {
        Check.that(
            input.output() == 0,
            "the objective depends on %s, which carries no gradient",
            graph.label(input));
        Shape shape = contributions.get(i).get().shape();
        Check.that(
            shape.equals(input.shape()),
            "%s gives a gradient %s for its input %s",
            node,
            shape,
            input.shape());
        gradients.merge(
            input,
            contributions.get(i).get(),
            (sum, more) -> graph.add(new Elementwise.Add(), sum, more));
      }
    }
  }

  private static Set<Integer> dependents(Graph graph, List<Value> of) {
    Set<Integer> dependent = new HashSet<>();
    of.forEach(v -> dependent.add(v.node()));
    List<Node> nodes = new ArrayList<>(graph.nodes());
    for (Node node : nodes) {
      if (!endsGradients(node)
          && node.inputs().stream().anyMatch(v -> dependent.contains(v.node()))) {
        dependent.add(node.id());
      }
    }
    return dependent;
  }
}
