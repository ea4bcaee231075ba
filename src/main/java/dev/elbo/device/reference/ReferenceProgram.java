package dev.elbo.device.reference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.graph.Update;
import dev.elbo.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A graph whose nodes are run one after the other, every value in an array of its own. */
final class ReferenceProgram implements Program {
  private final Graph graph;
  private final long seed;
  private final Map<Value, ReferenceBuffer> buffers = new HashMap<>();
  private final Map<String, ReferenceBuffer> inputs = new HashMap<>();
  private final Map<String, ReferenceBuffer> outputs = new HashMap<>();

  ReferenceProgram(Graph graph, Map<String, Buffer> parameters, long seed) {
    this.graph = graph;
    this.seed = seed;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter leaf) {
        buffers.put(node.output(0), parameter(leaf, parameters));
      } else {
        node.outputs().forEach(value -> buffers.put(value, new ReferenceBuffer(value.shape())));
      }
      if (node.op() instanceof Leaf.Input leaf) {
        inputs.put(leaf.label(), buffer(node.output(0)));
      }
      if (node.op() instanceof Leaf.Constant leaf) {
        buffer(node.output(0)).fill(leaf.value());
      }
    }
    graph.outputs().forEach((name, value) -> outputs.put(name, buffer(value)));
  }

  private static ReferenceBuffer parameter(Leaf.Parameter leaf, Map<String, Buffer> parameters) {
    Buffer buffer = parameters.get(leaf.label());
    if (buffer == null) {
      throw new IllegalArgumentException("parameter '" + leaf.label() + "' is missing");
    }
    if (!buffer.shape().equals(leaf.shape())) {
      throw new IllegalArgumentException(
          "parameter '" + leaf.label() + "' has shape " + buffer.shape() + ", not " + leaf.shape());
    }
    if (!(buffer instanceof ReferenceBuffer own)) {
      throw new IllegalArgumentException(
          "parameter '" + leaf.label() + "' is in a buffer of another device");
    }
    return own;
  }

  private ReferenceBuffer buffer(Value value) {
    return named(buffers.get(value), "value", value.toString());
  }

  private static ReferenceBuffer named(@Nullable ReferenceBuffer buffer, String kind, String name) {
    if (buffer == null) {
      throw new IllegalArgumentException("the graph has no " + kind + " named '" + name + "'");
    }
    return buffer;
  }

  @Override
  public Buffer input(String name) {
    return named(inputs.get(name), "input", name);
  }

  @Override
  public Buffer output(String name) {
    return named(outputs.get(name), "output", name);
  }

  @Override
  public void run(int step, int firstSample) {
    Run run = new Run(seed, step, firstSample);
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Update && step < 1) {
        throw new IllegalArgumentException("the steps of updates count from 1, got " + step);
      }
    }
    for (Node node : graph.nodes()) {
      Operations.run(node.op(), buffers(node.inputs()), buffers(node.outputs()), run);
    }
  }

  private List<ReferenceBuffer> buffers(List<Value> values) {
    return values.stream().map(this::buffer).toList();
  }

  @Override
  public long memory() {
    return graph.nodes().stream()
        .filter(node -> !(node.op() instanceof Leaf.Parameter))
        .flatMap(node -> node.outputs().stream())
        .mapToLong(value -> (long) Double.BYTES * value.shape().elements())
        .sum();
  }

  @Override
  public void close() {
    // Buffers are ordinary arrays: nothing is held.
  }
}
