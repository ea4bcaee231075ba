package dev.elbo.device.cpu;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice.Weights;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Group;
import dev.elbo.graph.Groups;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.MemoryPlan;
import dev.elbo.graph.Node;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A graph bound to memory: the kernels of its groups of nodes, run one after the other. */
final class CpuProgram implements Program {
  private final Map<Value, CpuBuffer> buffers = new HashMap<>();
  private final Map<Value, ProgramInput> inputs = new HashMap<>();
  private final Map<String, ProgramInput> inputsByName = new HashMap<>();
  private final Map<String, Buffer> outputs = new HashMap<>();
  private final Workers workers;
  private final Run run;
  private final StoredWeights weights;
  private final OperandPanels operands;
  private final Kernel[] kernels;
  private final long memory;

  CpuProgram(
      Graph graph, Map<String, Buffer> parameters, long seed, Workers workers, Weights choice) {
    this.workers = workers;
    this.run = new Run(seed);
    long elements = bindLeaves(graph, parameters);
    List<Group> groups = Groups.of(graph, Epilogue.ALL);
    MemoryPlan plan = MemoryPlan.of(graph, groups.stream().map(Group::nodes).toList());
    float[] arena = CpuBuffer.array(plan.size(), "the values of the graph");
    plan.offsets()
        .forEach((v, at) -> buffers.put(v, new CpuBuffer(v.shape(), arena, CpuBuffer.FIRST + at)));
    graph.outputs().forEach((name, value) -> outputs.put(name, visible(value)));
    this.weights =
        switch (choice) {
          case STORED -> StoredWeights.of(groups, this::inputs);
          case IN_TILE -> StoredWeights.none();
        };
    this.operands = OperandPanels.of(graph, groups, inputs);
    Workspace measured = Workspace.measuring();
    kernels(groups, measured);
    Workspace workspace = measured.allocate();
    this.kernels = kernels(groups, workspace);
    long kept = weights.size() + operands.size();
    this.memory = Float.BYTES * (elements + arena.length + workspace.size() + kept);
  }

  private List<CpuBuffer> inputs(Node node) {
    return node.inputs().stream().map(this::buffer).toList();
  }

  /** What users see of a named output, which may be an input. */
  private Buffer visible(Value value) {
    ProgramInput input = inputs.get(value);
    return input != null ? input : buffer(value);
  }

  private CpuBuffer buffer(Value value) {
    CpuBuffer buffer = buffers.get(value);
    if (buffer == null) {
      throw new IllegalStateException(value + " has no memory");
    }
    return buffer;
  }

  /** Gives every leaf its buffer; returns how many elements of them are the program's own. */
  private long bindLeaves(Graph graph, Map<String, Buffer> parameters) {
    long elements = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf leaf) {
        CpuBuffer buffer =
            leaf instanceof Leaf.Parameter(String label, Shape shape)
                ? parameter(label, shape, parameters.get(label))
                : CpuBuffer.zeros(leaf.shape());
        switch (leaf) {
          case Leaf.Input input -> {
            ProgramInput written = new ProgramInput(buffer);
            inputs.put(node.output(0), written);
            inputsByName.put(input.label(), written);
          }
          case Leaf.Constant constant -> Arrays.fill(buffer.array(), (float) constant.value());
          case Leaf.Parameter parameter -> elements -= buffer.array().length;
        }
        elements += buffer.array().length;
        buffers.put(node.output(0), buffer);
      }
    }
    return elements;
  }

  private static CpuBuffer parameter(String label, Shape shape, @Nullable Buffer buffer) {
    if (buffer == null) {
      throw new IllegalArgumentException("parameter '" + label + "' has no buffer");
    }
    if (!buffer.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "parameter '" + label + "' has shape " + shape + ", its buffer " + buffer.shape());
    }
    if (buffer instanceof CpuBuffer own) {
      return own;
    }
    if (buffer instanceof ProgramInput) {
      throw new IllegalArgumentException(
          "the buffer of parameter '" + label + "' is an input of another program");
    }
    throw new IllegalArgumentException(
        "the buffer of parameter '" + label + "' belongs to another device");
  }

  private Kernel[] kernels(List<Group> groups, Workspace workspace) {
    List<Kernel> all = new ArrayList<>();
    for (Group group : groups) {
      Node node = group.main();
      if (!(node.op() instanceof Leaf)) {
        workspace.reset();
        boolean alone = group.nodes().size() == 1;
        Epilogue epilogue = alone ? Epilogue.NONE : epilogue(group);
        List<CpuBuffer> out = alone ? outputs(node) : List.of(result(group));
        all.add(
            Kernels.of(
                new Binding(
                    node,
                    inputs(node),
                    out,
                    workers,
                    workspace,
                    weights,
                    operands,
                    run,
                    epilogue)));
      }
    }
    return all.toArray(Kernel[]::new);
  }

  private List<CpuBuffer> outputs(Node node) {
    return node.outputs().stream().map(this::buffer).toList();
  }

  private Epilogue epilogue(Group group) {
    return Epilogue.of(group, buffers.containsKey(group.result()), this::buffer, operands);
  }

  /** Where the result of a product goes: where it is activated when nothing else reads it. */
  private CpuBuffer result(Group group) {
    CpuBuffer result = buffers.get(group.result());
    return result != null ? result : buffer(group.activated().orElseThrow());
  }

  @Override
  public Buffer input(String name) {
    ProgramInput input = inputsByName.get(name);
    if (input == null) {
      throw new IllegalArgumentException("the graph has no input '" + name + "'");
    }
    return input;
  }

  @Override
  public Buffer output(String name) {
    Buffer output = outputs.get(name);
    if (output == null) {
      throw new IllegalArgumentException("the graph has no output '" + name + "'");
    }
    return output;
  }

  @Override
  public void run(int step, int firstSample) {
    run.step = step;
    run.firstSample = firstSample;
    for (Kernel kernel : kernels) {
      kernel.run();
    }
  }

  @Override
  public long memory() {
    return memory;
  }

  /** Memory is the garbage collector's, threads are the device's. */
  @Override
  public void close() {}
}
