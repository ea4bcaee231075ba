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

  private final Map<Value, Handed> memory = new HashMap<>();

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
    long products = readers.stream().filter(n -> multiplies(n, value, samples)).count();
    if (products > 0 && value.shape().elements() <= MOST) {
      int examples = value.shape().rows() / samples;
      Panels panels = Panels.allocate(samples, value.shape().columns(), examples);
      boolean only = products == readers.size() && !graph.outputs().containsValue(value);
      memory.put(value, new Handed(panels, only));
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

  /** Whether a node is a forward product with an activation of so many samples. */
  private static boolean multiplies(Node node, Value x, int samples) {
    boolean shared =
        node.op() instanceof Linear(int _, boolean s)
            ? s
            : node.op() instanceof VariationalLinear v && v.shared();
    int wanted = samples(node.op());
    return wanted > 0 && node.input(0).equals(x) && samples == (shared ? 1 : wanted);
  }

  /** Where a value is, if it is handed on. */
  Optional<Handed> of(Value value) {
    return Optional.ofNullable(memory.get(value));
  }

  /** Elements held. */
  long size() {
    return memory.values().stream().mapToLong(h -> h.panels.array().length).sum();
  }
}
