package dev.elbo.device.cuda;

import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import dev.elbo.graph.Node;
import dev.elbo.graph.Value;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that the launches of the first compute together: a matrix product, and what is done with
 * its result while that is in registers. Any other node is a group of its own.
 *
 * @param nodes the product; then an AddBias and a Unary, or a UnaryBackward
 */
record Group(List<Node> nodes) {
  Group {
    nodes = List.copyOf(nodes);
  }

  /** The node whose launches compute the group. */
  Node main() {
    return nodes.getFirst();
  }

  /** The bias that is added to a product. */
  Optional<Value> bias() {
    return nodes.stream().filter(n -> n.op() instanceof AddBias).findFirst().map(n -> n.input(1));
  }

  /** The value that becomes zero where it is negative, beside the product's own result. */
  Optional<Value> activated() {
    return nodes.stream().filter(n -> n.op() instanceof Unary).findFirst().map(n -> n.output(0));
  }

  /** What the product's result is zero for where this is not positive. */
  Optional<Value> mask() {
    return nodes.stream()
        .filter(n -> n.op() instanceof UnaryBackward)
        .findFirst()
        .map(n -> n.input(0));
  }

  /** The product's first result, with its bias or masked. */
  Value result() {
    return nodes.stream()
        .filter(n -> n.op() instanceof AddBias || n.op() instanceof UnaryBackward)
        .findFirst()
        .orElse(main())
        .output(0);
  }
}
