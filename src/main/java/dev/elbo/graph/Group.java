package dev.elbo.graph;

import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that run as one: a matrix product, and what is done with its result before that is stored.
 * Any other node is a group of its own.
 *
 * @param nodes the product; then an AddBias and a Unary, or a UnaryBackward
 */
public record Group(List<Node> nodes) {
  /** The nodes in the order in which they compute. */
  public Group {
    nodes = List.copyOf(nodes);
  }

  /** The node whose kernel computes the group. */
  public Node main() {
    return nodes.getFirst();
  }

  /** The bias that is added to a product. */
  public Optional<Value> bias() {
    return nodes.stream().filter(n -> n.op() instanceof AddBias).findFirst().map(n -> n.input(1));
  }

  /** The value that becomes zero where it is negative, beside the product's own result. */
  public Optional<Value> activated() {
    return nodes.stream().filter(n -> n.op() instanceof Unary).findFirst().map(n -> n.output(0));
  }

  /** What the product's result is zero for where this is not positive. */
  public Optional<Value> mask() {
    return nodes.stream()
        .filter(n -> n.op() instanceof UnaryBackward)
        .findFirst()
        .map(n -> n.input(0));
  }

  /** The product's first result, with its bias or masked. */
  public Value result() {
    return nodes.stream()
        .filter(n -> n.op() instanceof AddBias || n.op() instanceof UnaryBackward)
        .findFirst()
        .orElse(main())
        .output(0);
  }
}
