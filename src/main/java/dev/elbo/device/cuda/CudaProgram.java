package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.MemoryPlan;
import dev.elbo.graph.Node;
import dev.elbo.graph.Update;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** A graph bound to the card's memory: the launches of its nodes, one after the other. */
final class CudaProgram implements Program {
  private static final int RUN_WORDS = 4;

  private final Map<Value, CudaBuffer> buffers = new HashMap<>();
  private final Map<String, CudaBuffer> inputs = new HashMap<>();
  private final Map<String, CudaBuffer> outputs = new HashMap<>();
  private final List<CudaMemory> memory = new ArrayList<>();
  private final List<Launch> launches = new ArrayList<>();
  private final CUstream stream;
  private final CudaMemory run;
  private final int[] runWords = new int[RUN_WORDS];
  private final boolean updates;

  CudaProgram(
      Graph graph,
      Map<String, Buffer> parameters,
      long seed,
      Precision precision,
      Kernels kernels,
      CUstream stream) {
    this.stream = stream;
    runWords[0] = (int) seed;
    runWords[1] = (int) (seed >>> 32);
    run = allocate((long) Integer.BYTES * RUN_WORDS, "the step's numbers");
    bindLeaves(graph, parameters);
    MemoryPlan plan = MemoryPlan.of(graph);
    CudaMemory arena = allocate((long) Float.BYTES * plan.size(), "the values of the graph");
    plan.offsets()
        .forEach(
            (v, at) ->
                buffers.put(
                    v, new CudaBuffer(v.shape(), arena.address().plus((long) Float.BYTES * at))));
    graph.outputs().forEach((name, value) -> outputs.put(name, buffer(value)));
    updates = graph.nodes().stream().anyMatch(node -> node.op() instanceof Update);
    for (Node node : graph.nodes()) {
      List<CudaBuffer> in = node.inputs().stream().map(this::buffer).toList();
      List<CudaBuffer> out = node.outputs().stream().map(this::buffer).toList();
      launches.addAll(
          Launches.of(
              new Binding(
                  node,
                  in,
                  out,
                  run.address(),
                  precision,
                  kernels,
                  new Address(),
                  bytes -> allocate(bytes, "workspace of " + node.op().name()).address())));
    }
  }

  private CudaMemory allocate(long bytes, String purpose) {
    CudaMemory block = new CudaMemory(bytes, purpose);
    memory.add(block);
    return block;
  }

  private void bindLeaves(Graph graph, Map<String, Buffer> parameters) {
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf leaf) {
        CudaBuffer buffer =
            leaf instanceof Leaf.Parameter(String label, Shape shape)
                ? parameter(label, shape, parameters.get(label))
                : new CudaBuffer(
                    leaf.shape(),
                    allocate((long) Float.BYTES * leaf.shape().elements(), "an input").address());
        if (leaf instanceof Leaf.Input input) {
          inputs.put(input.label(), buffer);
        }
        if (leaf instanceof Leaf.Constant constant) {
          float[] values = new float[constant.shape().elements()];
          Arrays.fill(values, (float) constant.value());
          buffer.write(values);
        }
        buffers.put(node.output(0), buffer);
      }
    }
  }

  private static CudaBuffer parameter(String label, Shape shape, @Nullable Buffer buffer) {
    if (buffer == null) {
      throw new IllegalArgumentException("parameter '" + label + "' has no buffer");
    }
    if (!buffer.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "parameter '" + label + "' has shape " + shape + ", its buffer " + buffer.shape());
    }
    if (buffer instanceof CudaBuffer own) {
      return own;
    }
    throw new IllegalArgumentException(
        "the buffer of parameter '" + label + "' belongs to another device");
  }

  private CudaBuffer buffer(Value value) {
    CudaBuffer buffer = buffers.get(value);
    if (buffer == null) {
      throw new IllegalStateException(value + " has no memory");
    }
    return buffer;
  }

  @Override
  public Buffer input(String name) {
    CudaBuffer input = inputs.get(name);
    if (input == null) {
      throw new IllegalArgumentException("the graph has no input '" + name + "'");
    }
    return input;
  }

  @Override
  public Buffer output(String name) {
    CudaBuffer output = outputs.get(name);
    if (output == null) {
      throw new IllegalArgumentException("the graph has no output '" + name + "'");
    }
    return output;
  }

  @Override
  public void run(int step, int firstSample) {
    if (updates && step < 1) {
      throw new IllegalArgumentException("the steps of updates count from 1, got " + step);
    }
    runWords[2] = step;
    runWords[3] = firstSample;
    Driver.check(
        JCudaDriver.cuMemcpyHtoD(
            run.address(), Pointer.to(runWords), (long) Integer.BYTES * RUN_WORDS),
        "writing the step's numbers");
    for (Launch launch : launches) {
      launch.enqueue(stream);
    }
    Driver.check(JCudaDriver.cuStreamSynchronize(stream), "running a step");
  }

  @Override
  public long memory() {
    return memory.stream().mapToLong(CudaMemory::bytes).sum();
  }

  @Override
  public void close() {
    memory.forEach(CudaMemory::close);
    memory.clear();
  }
}
