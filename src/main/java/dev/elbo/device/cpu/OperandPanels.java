package dev.elbo.device.cpu;

import dev.elbo.graph.Graph;
import dev.elbo.graph.Group;
import dev.elbo.graph.Linear;
import dev.elbo.graph.Node;
import dev.elbo.graph.Op;
import dev.elbo.graph.Update;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Memory for what forward products multiply with, where it outlives their run. Activations go from
 * one product to the next: the tiles of the first are what the second needs, {@link Panels} of the
 * transpose, and are stored as such. Inputs of the program stay what they are until written.
 */
final class OperandPanels {
  /** Elements of the largest panels that are kept beside the rows. */
  private static final int MOST = 1 << 21;

  private final Map<Value, Handed> results = new HashMap<>();
  private final Map<Node, Panels> operands = new HashMap<>();
  private final Map<Node, InputPanels> inputs = new HashMap<>();

  /**
   * Activations in panels.
   *
   * @param only whether nobody reads them as rows
   */
  record Handed(Panels panels, boolean only) {}

  /**
   * Memory for a program.
   *
   * @param groups in the order in which they run
   * @param written the program's inputs
   * @throws dev.elbo.device.DeviceException when there is not enough
   */
  static OperandPanels of(Graph graph, List<Group> groups, Map<Value, ProgramInput> written) {
    OperandPanels all = new OperandPanels();
    // A step that learns has new examples each time: they would be kept for nothing.
    if (graph.nodes().stream().noneMatch(node -> node.op() instanceof Update)) {
      written.forEach((value, input) -> all.keep(graph, value, input));
    }
    for (Group group : groups) {
      int samples = samples(group.main().op());
      if (samples > 0 && group.nodes().size() > 1) {
        all.add(graph, group.activated().orElse(group.result()), samples);
      }
    }
    return all;
  }

  private void keep(Graph graph, Value value, ProgramInput input) {
    for (Node node : graph.nodes()) {
      if (samples(node.op()) > 0 && node.input(0).equals(value)) {
        allocate(value, shared(node.op()) ? 1 : samples(node.op()))
            .ifPresent(panels -> inputs.put(node, new InputPanels(panels, input)));
      }
    }
  }

  private void add(Graph graph, Value value, int samples) {
    List<Node> readers = graph.nodes().stream().filter(n -> n.inputs().contains(value)).toList();
    List<Node> products = readers.stream().filter(n -> multiplies(n, value, samples)).toList();
    if (products.isEmpty()) {
      return;
    }
    boolean only = products.equals(readers) && !graph.outputs().containsValue(value);
    allocate(value, samples)
        .ifPresent(
            panels -> {
              results.put(value, new Handed(panels, only));
              products.forEach(product -> operands.put(product, panels));
            });
  }

  /** Panels for a value of so many matrices; none where they would be too large. */
  private static Optional<Panels> allocate(Value value, int matrices) {
    int inputs = value.shape().columns();
    int examples = value.shape().rows() / matrices;
    return Panels.elements(matrices, inputs, examples) > MOST
        ? Optional.empty()
        : Optional.of(Panels.allocate(matrices, inputs, examples));
  }

  /** The samples of a forward product; 0 for another operation. */
  private static int samples(Op op) {
    return switch (op) {
      case Linear linear -> linear.samples();
      case VariationalLinear variational -> variational.noise().samples();
      default -> 0;
    };
  }

  /** Whether all samples of a forward product multiply with one matrix. */
  private static boolean shared(Op op) {
    return switch (op) {
      case Linear linear -> linear.shared();
      case VariationalLinear variational -> variational.shared();
      default -> false;
    };
  }

  /** Whether a node is a forward product of an activation of so many samples, and just that. */
  private static boolean multiplies(Node node, Value x, int samples) {
    int wanted = samples(node.op());
    boolean first = node.inputs().indexOf(x) == 0 && node.inputs().lastIndexOf(x) == 0;
    return wanted > 0 && first && samples == (shared(node.op()) ? 1 : wanted);
  }

  /** Where a value goes, if it is handed on. */
  Optional<Handed> result(Value value) {
    return Optional.ofNullable(results.get(value));
  }

  /** Where a forward product finds its operand, if that is handed to it. */
  Optional<Panels> operand(Node product) {
    return Optional.ofNullable(operands.get(product));
  }

  /** The same of one that the program's user writes. */
  Optional<InputPanels> input(Node product) {
    return Optional.ofNullable(inputs.get(product));
  }

  /** Elements held. */
  long size() {
    long handed = results.values().stream().mapToLong(h -> h.panels.array().length).sum();
    return handed + inputs.values().stream().mapToLong(InputPanels::size).sum();
  }
}
