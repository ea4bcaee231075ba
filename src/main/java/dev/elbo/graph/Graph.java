package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A static graph of operations on values of known shapes. Nodes are in an order in which they can
 * be run; updates come after everything that reads what they overwrite.
 */
public final class Graph {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final Set<String> labels = new HashSet<>();

  /**
   * A value that is written before a run.
   *
   * @throws IllegalArgumentException when the name is taken
   */
  public Value input(String name, Shape shape) {
    return leaf(name, new Leaf.Input(name, shape));
  }

  /**
   * State that lives from run to run.
   *
   * @throws IllegalArgumentException when the name is taken
   */
  public Value parameter(String name, Shape shape) {
    return leaf(name, new Leaf.Parameter(name, shape));
  }

  /** A tensor filled with a number. */
  public Value constant(double value, Shape shape) {
    return add(new Leaf.Constant(value, shape));
  }

  private Value leaf(String name, Leaf leaf) {
    Check.that(labels.add(name), "the graph already has a value named '%s'", name);
    return add(leaf);
  }

  /**
   * Applies an operation and returns its first result.
   *
   * @throws IllegalArgumentException when the inputs do not fit the operation
   */
  public Value add(Op op, Value... inputs) {
    return addAll(op, Arrays.asList(inputs)).getFirst();
  }

  /**
   * Applies an operation and returns all its results; none for updates.
   *
   * @throws IllegalArgumentException when the inputs do not fit the operation
   */
  @SuppressWarnings("ReferenceEquality") // an equal value of another graph is not a value of this
  public List<Value> addAll(Op op, List<Value> inputs) {
    for (Value input : inputs) {
      Check.that(owns(input), "%s: an input is not a value of this graph", op.name());
    }
    List<Shape> shapes = op.outputShapes(inputs.stream().map(Value::shape).toList());
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      results.add(new Value(nodes.size(), i, shapes.get(i)));
    }
    Node node = new Node(nodes.size(), op, inputs, results);
    nodes.add(node);
    return node.outputs();
  }

  /**
   * Names a value that can be read after a run.
   *
   * @throws IllegalArgumentException when the name is taken or the value is of another graph
   */
  public void output(String name, Value value) {
    Check.that(owns(value), "output '%s' is not a value of this graph", name);
    Check.that(outputs.putIfAbsent(name, value) == null, "output '%s' is named twice", name);
  }

  @SuppressWarnings("ReferenceEquality") // an equal value of another graph is not a value of this
  private boolean owns(Value value) {
    return value.node() < nodes.size()
        && nodes.get(value.node()).outputs().stream().anyMatch(own -> own == value);
  }

  /** The nodes, in running order. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** The named results. */
  public Map<String, Value> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  /** The node that computes a value. */
  public Node node(Value value) {
    return nodes.get(value.node());
  }

  /** The label of a leaf, or the operation and result of a computed value. */
  public String label(Value value) {
    Node node = node(value);
    return switch (node.op()) {
      case Leaf.Input input -> input.label();
      case Leaf.Parameter parameter -> parameter.label();
      default -> node + (node.outputs().size() > 1 ? ", result " + value.output() : "");
    };
  }
}
