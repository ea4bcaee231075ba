package dev.elbo.device.cpu;

import dev.elbo.graph.Graph;
import dev.elbo.graph.Group;
import dev.elbo.graph.Linear;
import dev.elbo.graph.Node;
import dev.elbo.graph.Op;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Memory for activations that go from one forward product to the next: the tiles of the first are
 * what the second multiplies with, {@link Panels} of the transpose, and are stored as such.
 */
final class HandedPanels {
  /** Elements of the largest activations that are kept twice. */
  private static final int MOST = 1 << 21;

  private final Map<Value, Handed> results = new HashMap<>();
  private final Map<Node, Panels> operands = new HashMap<>();

  /**
   * Activations in panels.
   *
   * @param only whether nobody reads them as rows
   */
  record Handed(Panels panels, boolean only) {}

  /** Nothing is handed on. */
  static HandedPanels none() {
    return new HandedPanels();
  }

  /**
   * Memory for a program.
   *
   * @param groups in the order in which they run
   * @throws dev.elbo.device.DeviceException when there is not enough
   */
  static HandedPanels of(Graph graph, List<Group> groups) {
    HandedPanels all = new HandedPanels();
    for (Group group : groups) {
      int samples = samples(group.main().op());
      if (samples > 0 && group.nodes().size() > 1) {
        all.add(graph, group.activated().orElse(group.result()), samples);
      }
    }
    return all;
  }

  private void add(Graph graph, Value value, int samples) {
    List<Node> readers = graph.nodes().stream().filter(n -> n.inputs().contains(value)).toList();
    List<Node> products = readers.stream().filter(n -> multiplies(n, value, samples)).toList();
    if (!products.isEmpty() && value.shape().elements() <= MOST) {
      int examples = value.shape().rows() / samples;
      Panels panels = Panels.allocate(samples, value.shape().columns(), examples);
      boolean only = products.equals(readers) && !graph.outputs().containsValue(value);
      results.put(value, new Handed(panels, only));
      products.forEach(product -> operands.put(product, panels));
    }
  }

  /** The samples of a forward product; 0 for another operation. */
  private static int samples(Op op) {
    return switch (op) {
      case Linear linear -> linear.samples();
      case VariationalLinear variational -> variational.noise().samples();
      default -> 0;
    };
  }

  /** Whether a node is a forward product of an activation of so many samples, and just that. */
  private static boolean multiplies(Node node, Value x, int samples) {
    boolean shared =
        node.op() instanceof Linear(int _, boolean s)
            ? s
            : node.op() instanceof VariationalLinear v && v.shared();
    int wanted = samples(node.op());
    boolean first = node.inputs().indexOf(x) == 0 && node.inputs().lastIndexOf(x) == 0;
    return wanted > 0 && first && samples == (shared ? 1 : wanted);
  }

  /** Where a value goes, if it is handed on. */
  Optional<Handed> result(Value value) {
    return Optional.ofNullable(results.get(value));
  }

  /** Where a forward product finds its operand, if that is handed to it. */
  Optional<Panels> operand(Node product) {
    return Optional.ofNullable(operands.get(product));
  }

  /** Elements held. */
  long size() {
    return results.values().stream().mapToLong(h -> h.panels.array().length).sum();
  }
}
