package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Group;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.MemoryPlan;
import dev.elbo.graph.Node;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a program live: the parameters where the caller has put them, the numbers of
 * the run, inputs and constants in one block, computed values in another by the memory plan.
 */
final class ProgramMemory {
  private static final String REMEDY = "a smaller batch or fewer samples need less";

  private final Context context;
  private final Scope scope;
  private final List<CudaMemory> blocks = new ArrayList<>();
  private final Map<Value, CudaBuffer> buffers = new HashMap<>();
  private final List<CudaBuffer> parameters = new ArrayList<>();
  private final Map<String, Buffer> inputBuffers = new HashMap<>();
  private final Inputs inputs;

  ProgramMemory(
      Context context,
      Scope scope,
      Graph graph,
      List<Group> groups,
      Map<String, Buffer> parameters,
      long seed) {
    this.context = context;
    this.scope = scope;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter(String label, Shape shape)) {
        CudaBuffer buffer = parameter(label, shape, parameters.get(label));
        this.parameters.add(buffer);
        buffers.put(node.output(0), buffer);
      }
    }
    inputs = placeInputs(graph, seed);
    placeComputed(MemoryPlan.of(graph, groups.stream().map(Group::nodes).toList()));
  }

  private CudaBuffer parameter(String label, Shape shape, @Nullable Buffer buffer) {
    if (buffer == null) {
      throw new IllegalArgumentException("parameter '" + label + "' has no buffer");
    }
    if (!buffer.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "parameter '" + label + "' has shape " + shape + ", its buffer " + buffer.shape());
    }
    if (buffer instanceof CudaBuffer own && own.isOf(context)) {
      return own;
    }
    throw new IllegalArgumentException(
        "the buffer of parameter '" + label + "' belongs to another device");
  }

  /** Small inputs first: a run that changes only those copies only the beginning of the block. */
  private Inputs placeInputs(Graph graph, long seed) {
    List<Node> leaves =
        new ArrayList<>(graph.nodes().stream().filter(n -> n.op() instanceof Leaf.Input).toList());
    leaves.sort(Comparator.comparingInt(node -> node.output(0).shape().elements()));
    Map<Value, Long> offsets = new HashMap<>();
    long inputBytes = place(leaves, offsets, Inputs.runBytes());
    List<Node> constants =
        graph.nodes().stream().filter(n -> n.op() instanceof Leaf.Constant).toList();
    long bytes = place(constants, offsets, inputBytes);
    Address block = allocate(bytes, "the inputs and constants", REMEDY);
    offsets.forEach(
        (value, at) -> buffers.put(value, new CudaBuffer(value.shape(), block.plus(at), context)));
    constants.forEach(node -> fill((Leaf.Constant) node.op(), buffer(node.output(0))));
    Inputs result = new Inputs(context, scope, block, inputBytes, seed);
    for (Node leaf : leaves) {
      Value value = leaf.output(0);
      long offset = Objects.requireNonNull(offsets.get(value));
      inputBuffers.put(((Leaf.Input) leaf.op()).label(), result.buffer(value.shape(), offset));
    }
    return result;
  }

  private static long place(List<Node> leaves, Map<Value, Long> offsets, long start) {
    long end = start;
    for (Node leaf : leaves) {
      Value value = leaf.output(0);
      offsets.put(value, end);
      end += CudaMemory.aligned((long) Float.BYTES * value.shape().elements());
    }
    return end;
  }

  private static void fill(Leaf.Constant constant, CudaBuffer buffer) {
    Driver.check(
        JCudaDriver.cuMemsetD32(
            buffer.address(),
            Float.floatToRawIntBits((float) constant.value()),
            constant.shape().elements()),
        "filling a constant");
  }

  private void placeComputed(MemoryPlan plan) {
    Address arena = allocate((long) Float.BYTES * plan.size(), "the values of the graph", REMEDY);
    plan.offsets()
        .forEach(
            (value, at) ->
                buffers.put(
                    value,
                    new CudaBuffer(value.shape(), arena.plus((long) Float.BYTES * at), context)));
  }

  /**
   * Allocates for the life of the program.
   *
   * @param remedy what would need less, told when there is too little
   */
  Address allocate(long bytes, String purpose, String remedy) {
    CudaMemory block = CudaMemory.allocate(scope, bytes, purpose, remedy);
    blocks.add(block);
    return block.address();
  }

  /** Allocates partial results of a node's launches. */
  Address workspace(Node node, long bytes) {
    return allocate(bytes, "partial results of " + node, REMEDY);
  }

  /** What the host writes before a run. */
  Inputs inputs() {
    return inputs;
  }

  /** The inputs by their names, for those who write them. */
  Map<String, Buffer> inputBuffers() {
    return Map.copyOf(inputBuffers);
  }

  /** Where a value is. */
  CudaBuffer buffer(Value value) {
    CudaBuffer buffer = buffers.get(value);
    if (buffer == null) {
      throw new IllegalStateException(value + " has no memory");
    }
    return buffer;
  }

  /** The buffers of the parameters, which others may have too. */
  List<CudaBuffer> parameters() {
    return List.copyOf(parameters);
  }

  /** Where values are. */
  List<CudaBuffer> buffers(List<Value> values) {
    return values.stream().map(this::buffer).toList();
  }

  /**
   * Where the results of a group go; its first is nowhere, at null, when only the group reads it.
   */
  List<CudaBuffer> results(Group group) {
    List<CudaBuffer> results = new ArrayList<>();
    for (Value value : group.main().outputs()) {
      Value result = value.output() == 0 ? group.result() : value;
      CudaBuffer nowhere = new CudaBuffer(result.shape(), new Address(), context);
      results.add(result.output() == 0 ? buffers.getOrDefault(result, nowhere) : buffer(result));
    }
    return results;
  }

  /** All that is allocated, in order. */
  List<CudaMemory> blocks() {
    return List.copyOf(blocks);
  }
}
