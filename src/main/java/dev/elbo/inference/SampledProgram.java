package dev.elbo.inference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Hoisted;
import dev.elbo.graph.Leaf;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A graph that runs for sample after sample of one batch; what is the same for all runs once. */
final class SampledProgram implements AutoCloseable {
  private final Hoisted graph;
  private final Program once;
  private final Program each;
  private final Set<String> inputsOfOnce;
  private final Set<String> inputsOfEach;

  SampledProgram(Device device, Hoisted graph, Map<String, Buffer> parameters, long seed) {
    this.graph = graph;
    once = device.compile(graph.once(), parameters, seed);
    each = device.compile(graph.each(), parameters, seed);
    inputsOfOnce = inputs(graph.once());
    inputsOfEach = inputs(graph.each());
  }

  private static Set<String> inputs(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Leaf.Input)
        .map(node -> graph.label(node.output(0)))
        .collect(Collectors.toSet());
  }

  /** Writes an input of the graph; of a batch all before {@link #begin}. */
  void write(String input, float[] values) {
    if (inputsOfOnce.contains(input)) {
      once.input(input).write(0, values);
    }
    if (inputsOfEach.contains(input)) {
      each.input(input).write(0, values);
    }
  }

  /** Begins a batch: computes what is the same for all samples. */
  void begin(int step) {
    if (graph.split()) {
      once.run(step, 0);
      graph.once().outputs().forEach((name, value) -> carry(name, value.shape().elements()));
    }
  }

  private void carry(String name, int elements) {
    float[] values = new float[elements];
    once.output(name).read(values);
    each.input(name).write(values);
  }

  /** Runs the samples from a number on. */
  void run(int step, int firstSample) {
    each.run(step, firstSample);
  }

  /** A named output of the last run. */
  Buffer output(String name) {
    return each.output(name);
  }

  @Override
  public void close() {
    once.close();
    each.close();
  }
}
