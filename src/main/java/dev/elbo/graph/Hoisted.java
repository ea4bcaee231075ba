package dev.elbo.graph;

import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph that is run sample after sample on one batch, in two: what no noise reaches, and so is
 * the same for all samples, and the rest.
 *
 * @param once computes what is the same; empty where there is no such thing, or nothing else
 * @param each computes the outputs of the graph for a run's samples; its inputs are those of the
 *     graph that it reads, and the outputs of {@code once} by their names
 */
public record Hoisted(Graph once, Graph each) {
  /**
   * The same function of the noise.
   *
   * @throws IllegalArgumentException when the graph has updates: then nothing stays the same
   */
  public static Hoisted of(Graph graph) {
    return new Hoisting(graph, 0).hoisted();
  }

  /**
   * The same distribution of every row of the outputs, of rows that stand alone: a product of x
   * with drawn weights is replaced by a draw of its results where no noise reaches x. Given x, the
   * results of a row are independent Gaussians with mean x muᵀ and variance x² (sigma²)ᵀ (Kingma,
   * Salimans and Welling 2015, section 2.3); these are computed once, and a sample costs a normal a
   * column in place of a product and a normal a weight.
   *
   * @param examples the rows of x of such a product: an example each, of which the outputs have a
   *     row that depends on no other
   * @throws IllegalArgumentException as {@link #of}
   */
  public static Hoisted ofRows(Graph graph, int examples) {
    return new Hoisting(graph, examples).hoisted();
  }

  /** Whether there is anything to run once. */
  public boolean split() {
    return !once.outputs().isEmpty();
  }

  /** The two graphs while they are built, and where the values of the source are in them. */
  private static final class Hoisting {
    private final Graph source;
    private final int examples;
    private final Graph once = new Graph();
    private final Graph each = new Graph();
    private final Map<Value, Value> inOnce = new HashMap<>();
    private final Map<Value, Value> inEach = new HashMap<>();

    Hoisting(Graph source, int examples) {
      this.source = source;
      this.examples = examples;
      Check.that(
          source.nodes().stream().noneMatch(node -> node.op() instanceof Update),
          "a graph with updates has nothing that is the same for all samples");
    }

    Hoisted hoisted() {
      if (source.nodes().stream().noneMatch(node -> node.op().drawn())) {
        return new Hoisted(new Graph(), source);
      }
      for (Node node : source.nodes()) {
        if (isMarginal(node)) {
          marginal(node, (VariationalLinear) node.op());
        } else if (node.op().drawn() || !node.inputs().stream().allMatch(this::fixed)) {
          put(node, node.inputs().stream().map(this::inEach).toList(), each, inEach);
        } else if (!(node.op() instanceof Leaf)) {
          put(node, node.inputs().stream().map(this::inOnce).toList(), once, inOnce);
        }
      }
      source.outputs().forEach((name, value) -> each.output(name, inEach(value)));
      return new Hoisted(once, each);
    }

    private static void put(Node node, List<Value> inputs, Graph graph, Map<Value, Value> values) {
      List<Value> results = graph.addAll(node.op(), inputs);
      node.outputs().forEach(value -> values.put(value, results.get(value.output())));
    }

    /** Whether no noise reaches a value. */
    private boolean fixed(Value value) {
      return source.node(value).op() instanceof Leaf || inOnce.containsKey(value);
    }

    private Value inOnce(Value value) {
      return inOnce.computeIfAbsent(value, v -> leaf(v, once));
    }

    private Value inEach(Value value) {
      return inEach.computeIfAbsent(
          value, v -> source.node(v).op() instanceof Leaf ? leaf(v, each) : carried(inOnce(v)));
    }

    private Value leaf(Value value, Graph graph) {
      return switch (source.node(value).op()) {
        case Leaf.Input leaf -> graph.input(leaf.label(), leaf.shape());
        case Leaf.Parameter leaf -> graph.parameter(leaf.label(), leaf.shape());
        case Leaf.Constant leaf -> graph.constant(leaf.value(), leaf.shape());
        default -> throw new IllegalStateException(value + " is not computed yet");
      };
    }

    /** A value of the first graph as an input of the second. */
    private Value carried(Value value) {
      String name = "hoisted " + once.outputs().size();
      once.output(name, value);
      return each.input(name, value.shape());
    }

    /** Whether a product can be drawn by its results: nothing else sees its weights. */
    private boolean isMarginal(Node node) {
      return node.op() instanceof VariationalLinear product
          && (product.shared() || product.noise().samples() == 1)
          && node.input(0).shape().rows() == examples
          && node.inputs().stream().allMatch(this::fixed)
          && source.nodes().stream()
              .filter(other -> other.op().drawn() && !other.equals(node))
              .noneMatch(other -> other.inputs().contains(node.input(1)));
    }

    private void marginal(Node node, VariationalLinear product) {
      Value x = inOnce(node.input(0));
      Linear linear = new Linear(1, false);
      Value mean = once.add(linear, x, inOnce(node.input(1)));
      Value twice = once.add(new Scale(2), inOnce(node.input(2)));
      Value squares = once.add(new Unary(Function.SQUARE), x);
      Value variance = once.add(linear, squares, once.add(new Unary(Function.EXP), twice));
      Value std = once.add(new Unary(Function.SQRT), variance);
      inEach.put(
          node.output(0), each.add(new ColumnSample(product.noise()), carried(mean), carried(std)));
    }
  }
}
