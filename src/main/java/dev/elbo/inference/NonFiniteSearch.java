package dev.elbo.inference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Update;
import dev.elbo.graph.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the first value of a step that is not finite: the state, the examples, then the result of
 * each operation, by running the step again, without updates, with every value kept. Noise has an
 * address, so the second run sees what the first saw.
 */
record NonFiniteSearch(Device device, Graph graph, Map<String, Buffer> parameters, long seed) {

  NonFiniteException find(int step, Map<String, float[]> inputs, float nll) {
    Map<String, float[]> leaves = new LinkedHashMap<>();
    parameters.forEach((name, buffer) -> leaves.put(name, values(buffer)));
    leaves.putAll(inputs);
    for (Map.Entry<String, float[]> leaf : leaves.entrySet()) {
      int bad = firstNonFinite(leaf.getValue());
      if (bad >= 0) {
        return new NonFiniteException(step, leaf.getKey(), bad, leaf.getValue()[bad]);
      }
    }
    Map<String, String> labels = new LinkedHashMap<>();
    try (Program program = device.compile(withAllOutputs(labels), parameters, seed)) {
      inputs.forEach((name, values) -> program.input(name).write(values));
      program.run(step, 0);
      for (Map.Entry<String, String> output : labels.entrySet()) {
        float[] values = values(program.output(output.getKey()));
        int bad = firstNonFinite(values);
        if (bad >= 0) {
          return new NonFiniteException(step, output.getValue(), bad, values[bad]);
        }
      }
    }
    return new NonFiniteException(step, TrainingGraph.NLL, 0, nll);
  }

  /** The graph without updates, every computed value an output; labels gets what each is. */
  private Graph withAllOutputs(Map<String, String> labels) {
    Graph copy = new Graph();
    Map<Value, Value> mapped = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (!(node.op() instanceof Update)) {
        List<Value> inputs = node.inputs().stream().map(mapped::get).toList();
        List<Value> outputs =
            switch (node.op()) {
              case Leaf.Input leaf -> List.of(copy.input(leaf.label(), leaf.shape()));
              case Leaf.Parameter leaf -> List.of(copy.parameter(leaf.label(), leaf.shape()));
              default -> copy.addAll(node.op(), inputs);
            };
        for (int i = 0; i < outputs.size(); i++) {
          mapped.put(node.output(i), outputs.get(i));
          if (!(node.op() instanceof Leaf)) {
            String name = "value " + node.id() + "." + i;
            copy.output(name, outputs.get(i));
            labels.put(name, graph.label(node.output(i)));
          }
        }
      }
    }
    return Schedule.composed(copy);
  }

  private static float[] values(Buffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    return values;
  }

  /** The position of the first value that is not finite, or -1. */
  static int firstNonFinite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }
}
