package dev.elbo.graph;

import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds what a matrix product can do in its epilogue: add the bias and apply RELU after a forward
 * product, apply RELU's derivative after a product that gives the gradient of its input. The values
 * in between are then never stored.
 */
public final class Groups {
  private final Graph graph;
  private final Epilogues epilogues;
  private final Map<Value, List<Node>> readers = new HashMap<>();

  private Groups(Graph graph, Epilogues epilogues) {
    this.graph = graph;
    this.epilogues = epilogues;
    for (Node node : graph.nodes()) {
      for (Value input : Set.copyOf(node.inputs())) {
        readers.computeIfAbsent(input, v -> new ArrayList<>()).add(node);
      }
    }
  }

  /**
   * The groups of a graph, in an order in which they can run.
   *
   * @param epilogues what the device's products can do
   */
  public static List<Group> of(Graph graph, Epilogues epilogues) {
    Groups groups = new Groups(graph, epilogues);
    Map<Integer, Group> runAt = new HashMap<>();
    Set<Integer> grouped = new HashSet<>();
    for (Node node : graph.nodes()) {
      groups
          .at(node)
          .ifPresent(
              placed -> {
                runAt.put(placed.position, placed.group);
                placed.group.nodes().forEach(n -> grouped.add(n.id()));
              });
    }
    List<Group> result = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Group group = runAt.get(node.id());
      if (group != null) {
        result.add(group);
      } else if (!grouped.contains(node.id())) {
        result.add(new Group(List.of(node)));
      }
    }
    return result;
  }

  /** A group, and the node in whose place it runs. */
  private record Placed(Group group, int position) {}

  private Optional<Placed> at(Node product) {
    if (!epilogues.of(product.op())) {
      return Optional.empty();
    }
    if (samples(product.op()).isPresent()) {
      return forward(product);
    }
    return isBackward(product.op()) ? backward(product) : Optional.empty();
  }

  /** In the place of its last node: the bias is often drawn after the product. */
  private Optional<Placed> forward(Node product) {
    Optional<Node> bias =
        only(product.output(0))
            .filter(n -> n.op() instanceof AddBias && n.input(0).equals(product.output(0)))
            .filter(n -> takes(product, n.input(1)));
    if (bias.isEmpty()) {
      return Optional.empty();
    }
    List<Node> withBias = List.of(product, bias.get());
    Optional<Node> relu =
        readers(bias.get().output(0)).stream()
            .filter(n -> n.op().equals(new Unary(Function.RELU)))
            .findFirst();
    if (relu.isPresent() && canWait(List.of(product, bias.get(), relu.get()))) {
      Group group = new Group(List.of(product, bias.get(), relu.get()));
      return Optional.of(new Placed(group, relu.get().id()));
    }
    return canWait(withBias)
        ? Optional.of(new Placed(new Group(withBias), bias.get().id()))
        : Optional.empty();
  }

  /** In the place of the product, for the update of its weights often comes next. */
  private Optional<Placed> backward(Node product) {
    return only(product.output(0))
        .filter(n -> n.op().equals(new UnaryBackward(Function.RELU)))
        .filter(n -> n.input(1).equals(product.output(0)) && n.input(0).node() < product.id())
        .map(n -> new Placed(new Group(List.of(product, n)), product.id()));
  }

  /** Whether nodes can all run in the place of the last. */
  private boolean canWait(List<Node> nodes) {
    int last = nodes.getLast().id();
    return nodes.stream()
        .allMatch(
            node ->
                node.outputs().stream()
                        .flatMap(v -> readers(v).stream())
                        .allMatch(r -> nodes.contains(r) || r.id() > last)
                    && !overwritten(node, last));
  }

  /** Whether an update before a position overwrites what a node reads. */
  private boolean overwritten(Node node, int position) {
    return graph.nodes().subList(node.id(), position).stream()
        .anyMatch(
            n ->
                n.op().writes(n.inputs().size()).stream()
                    .map(n::input)
                    .anyMatch(node.inputs()::contains));
  }

  private List<Node> readers(Value value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The only node that reads a value, unless the value can also be read from outside. */
  private Optional<Node> only(Value value) {
    List<Node> all = readers(value);
    return all.size() == 1 && !graph.outputs().containsValue(value)
        ? Optional.of(all.getFirst())
        : Optional.empty();
  }

  private boolean takes(Node product, Value bias) {
    return samples(product.op()).stream()
        .anyMatch(s -> epilogues.takes(bias.shape(), s, product.output(0).shape().rows()));
  }

  /** S of a forward product; none for another operation. */
  private static OptionalInt samples(Op op) {
    return switch (op) {
      case Linear linear -> OptionalInt.of(linear.samples());
      case VariationalLinear naive -> OptionalInt.of(naive.noise().samples());
      case LocalLinear local -> OptionalInt.of(local.noise().samples());
      case FlipoutLinear flipout -> OptionalInt.of(flipout.noise().samples());
      case ColumnSample moments -> OptionalInt.of(moments.noise().samples());
      default -> OptionalInt.empty();
    };
  }

  private static boolean isBackward(Op op) {
    return op instanceof LinearBackwardInput
        || op instanceof VariationalLinearBackwardInput
        || op instanceof LocalLinearBackwardInput
        || op instanceof FlipoutLinearBackwardInput;
  }
}
