package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Group;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A composed graph with its variational layers as a framework runs them: noise into memory, weights
 * into memory, products by cuBLAS, gradients into memory. All other nodes are the product's own.
 */
final class UnfusedProgram implements Program {
  private final Context context;
  private final Scope scope;
  private final ProgramMemory memory;
  private final CublasProducts products;
  private final StoredNoise noise;
  private final Precision precision;
  private final Map<NoiseSite, UnfusedWeights> weights = new HashMap<>();
  private final Map<Value, Address> rounded = new HashMap<>();
  private final List<Launch> launches = new ArrayList<>();
  private final Map<String, Value> outputs;
  private final Sequence sequence;

  UnfusedProgram(
      UnfusedDevice device, Scope scope, Graph graph, Map<String, Buffer> parameters, long seed) {
    context = device.context();
    this.scope = scope;
    products = device.products();
    noise = device.noise();
    precision = device.precision();
    List<Group> apart = graph.nodes().stream().map(node -> new Group(List.of(node))).toList();
    memory = new ProgramMemory(context, scope, graph, apart, parameters, seed);
    outputs = graph.outputs();
    graph.nodes().forEach(node -> add(node, binding(node, device.kernels())));
    sequence = new Sequence(context, scope, device.replay(), launches);
  }

  private Binding binding(Node node, Kernels kernels) {
    return new Binding(
        node,
        memory.buffers(node.inputs()),
        memory.buffers(node.outputs()),
        memory.inputs().run(),
        precision,
        kernels,
        Optional.empty(),
        new Address(),
        false,
        Epilogue.NONE,
        bytes -> memory.workspace(node, bytes));
  }

  private void add(Node node, Binding b) {
    switch (node.op()) {
      case VariationalLinear op -> forward(op, b);
      case VariationalLinearBackwardInput op -> backwardInput(op, b);
      case VariationalLinearBackwardWeight op -> backwardWeight(op, b);
      default -> launches.addAll(Launches.of(b));
    }
  }

  private void forward(VariationalLinear op, Binding b) {
    UnfusedWeights w = UnfusedWeights.of(op.noise(), b, noise, context);
    weights.put(op.noise(), w);
    launches.addAll(w.launches());
    Layer layer = layer(w, b.out(0), op.shared());
    Address x = operand(b, 0);
    launches.addAll(products.forward(b.node(), layer, x, w.w(), b.out(0).address()));
  }

  private void backwardInput(VariationalLinearBackwardInput op, Binding b) {
    UnfusedWeights w = Objects.requireNonNull(weights.get(op.noise()));
    Layer layer = layer(w, b.in(0), op.shared());
    Address dy = operand(b, 0);
    launches.addAll(products.backwardInput(b.node(), layer, dy, w.w(), b.out(0).address()));
  }

  private void backwardWeight(VariationalLinearBackwardWeight op, Binding b) {
    UnfusedWeights w = Objects.requireNonNull(weights.get(op.noise()));
    Layer layer = layer(w, b.in(1), op.shared());
    long count = w.mu().elements();
    Address dw = b.workspace(Float.BYTES * count * layer.samples());
    Address x = operand(b, 0);
    Address dy = operand(b, 1);
    launches.addAll(products.backwardWeight(b.node(), layer, x, dy, dw));
    launches.add(
        b.launch(
            "unfused_gradient",
            Grid.ofElements(count),
            count,
            layer.samples(),
            b.in(3).address(),
            w.eps().address(),
            dw,
            b.out(0).address(),
            b.out(1).address()));
  }

  private static Layer layer(UnfusedWeights w, CudaBuffer y, boolean shared) {
    return Layer.of(y, w.mu().columns(), w.site().samples(), shared);
  }

  /** An input in the operand type: where it is, or rounded once for all that read it. */
  private Address operand(Binding b, int position) {
    return rounded.computeIfAbsent(
        b.node().input(position), value -> products.operand(b, position, launches));
  }

  @Override
  public Buffer input(String name) {
    return Objects.requireNonNull(memory.inputBuffers().get(name), name);
  }

  @Override
  public Buffer output(String name) {
    return memory.buffer(Objects.requireNonNull(outputs.get(name), name));
  }

  @Override
  public void run(int step, int firstSample) {
    context.enter();
    memory.inputs().send(step, firstSample, false);
    sequence.enqueue();
  }

  @Override
  public long memory() {
    return memory.blocks().stream().mapToLong(CudaMemory::bytes).sum();
  }

  @Override
  public void close() {
    context.close(scope);
  }
}
