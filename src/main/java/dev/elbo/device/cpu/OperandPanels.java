package dev.elbo.device.cpu;

import dev.elbo.graph.ColumnSample;
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
  private final Map<Operand, InputPanels> inputs = new HashMap<>();

  /** An input of a node, by its position. */
  private record Operand(Node node, int position) {}

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
      int matrices = shared(node.op()) ? 1 : samples(node.op());
      for (int position = 0; position < operands(node.op()); position++) {
        if (node.input(position).equals(value)) {
          Operand operand = new Operand(node, position);
          allocate(value, matrices)
              .ifPresent(panels -> inputs.put(operand, new InputPanels(panels, input)));
        }
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

  /** How many inputs of an operation it takes in panels, the first ones. */
  private static int operands(Op op) {
    return switch (op) {
      case Linear product -> 1;
      case VariationalLinear product -> 1;
      case ColumnSample moments -> 2;
      default -> 0;
    };
  }

  /** The samples of an operation that hands its tiles on; 0 for another. */
  private static int samples(Op op) {
    return switch (op) {
      case Linear linear -> linear.samples();
      case VariationalLinear variational -> variational.noise().samples();
      case ColumnSample sample -> sample.noise().samples();
      default -> 0;
    };
  }

  /** Whether all samples share the operands. */
  private static boolean shared(Op op) {
    return switch (op) {
      case Linear linear -> linear.shared();
      case VariationalLinear variational -> variational.shared();
      default -> op instanceof ColumnSample;
    };
  }

  /** Whether a node is a forward product of an activation of so many samples, and just that. */
  private static boolean multiplies(Node node, Value x, int samples) {
    int wanted = samples(node.op());
    boolean first = node.inputs().indexOf(x) == 0 && node.inputs().lastIndexOf(x) == 0;
    return operands(node.op()) == 1 && first && samples == (shared(node.op()) ? 1 : wanted);
  }

  /** Where a value goes, if it is handed on. */
  Optional<Handed> result(Value value) {
    return Optional.ofNullable(results.get(value));
  }

  /**
   * The transpose of a node's input: handed on by the product that has computed it, kept since the
   * program's user wrote it, else made.
   *
   * @param shared whether all samples share one matrix
   */
  Panels.Packed transposed(Binding b, int position, int samples, boolean shared) {
    Panels handed = operands.get(b.node());
    if (handed != null && position == 0) {
      return new Panels.Packed(handed, () -> {});
    }
    CpuBuffer x = b.in(position);
    InputPanels input = inputs.get(new Operand(b.node(), position));
    return input != null
        ? input.packed(x, samples, shared, b)
        : Panels.transposed(x, samples, shared, b);
  }

  /** Elements held. */
  long size() {
    long handed = results.values().stream().mapToLong(h -> h.panels.array().length).sum();
    return handed + inputs.values().stream().mapToLong(InputPanels::size).sum();
  }
}
