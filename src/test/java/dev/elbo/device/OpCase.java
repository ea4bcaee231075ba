package dev.elbo.device;

import dev.elbo.device.reference.ReferenceBuffer;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Op;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A row of the table of operations and shapes: an operation, its operands, and the numbers of a
 * run.
 *
 * <p>What the operation overwrites is a parameter of the graph, every other operand an input; the
 * results are the outputs "y0", "y1", ...
 *
 * @param name the operation's name, then its sizes and variants
 */
public record OpCase(String name, Op op, List<Operand> operands, int step, int firstSample) {
  /** The seed of the noise of all cases; both halves are in use. */
  public static final long SEED = 0x1234_5678_9abc_def0L;

  /** The step of cases that say nothing else. */
  public static final int STEP = 7;

  public OpCase {
    operands = List.copyOf(operands);
  }

  /** A tensor that the operation reads or overwrites. */
  public record Operand(String name, Shape shape, Values values) {}

  /** The graph of a case: its operands and results, and the graph that they are in. */
  public record Built(Graph graph, List<Value> operands, List<Value> results) {}

  /** What a run left behind: the outputs and the parameters, by name. */
  public record Result(Map<String, double[]> outputs, Map<String, double[]> parameters) {}

  /** A case at the usual step, from sample 0. */
  public static OpCase of(Op op, String variant, Operand... operands) {
    return new OpCase(op.name() + " " + variant, op, List.of(operands), STEP, 0);
  }

  /** The same case with another first sample. */
  public OpCase from(int sample) {
    return new OpCase(name + " from " + sample, op, operands, step, sample);
  }

  /** The case's operation on operands of its own, with every result named as an output. */
  public Built build() {
    Graph graph = new Graph();
    List<Integer> written = op.writes(operands.size());
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Operand operand = operands.get(i);
      values.add(
          written.contains(i)
              ? graph.parameter(operand.name(), operand.shape())
              : graph.input(operand.name(), operand.shape()));
    }
    List<Value> results = graph.addAll(op, values);
    for (int i = 0; i < results.size(); i++) {
      graph.output("y" + i, results.get(i));
    }
    return new Built(graph, values, results);
  }

  /** The elements of an operand: a function of the case's name and the operand's position. */
  public float[] elements(int position) {
    Operand operand = operands.get(position);
    SplittableRandom random = new SplittableRandom(31L * name.hashCode() + position);
    float[] elements = new float[operand.shape().elements()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) operand.values().next(random);
    }
    return elements;
  }

  /** The elements of the operands that the operation overwrites, or of those that it only reads. */
  public Map<String, float[]> elements(boolean written) {
    List<Integer> positions = op.writes(operands.size());
    Map<String, float[]> result = new LinkedHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      if (positions.contains(i) == written) {
        result.put(operands.get(i).name(), elements(i));
      }
    }
    return result;
  }

  /** Runs the case once; doubles where the device has them. */
  public Result run(Device device) {
    Built built = build();
    Map<String, Buffer> parameters = new HashMap<>();
    elements(true).forEach((label, values) -> parameters.put(label, filled(device, label, values)));
    try (Program program = device.compile(built.graph(), parameters, SEED)) {
      elements(false).forEach((label, values) -> program.input(label).write(values));
      program.run(step, firstSample);
      Map<String, double[]> outputs = new LinkedHashMap<>();
      built.graph().outputs().keySet().forEach(y -> outputs.put(y, values(program.output(y))));
      Map<String, double[]> after = new LinkedHashMap<>();
      parameters.forEach((label, buffer) -> after.put(label, values(buffer)));
      return new Result(outputs, after);
    }
  }

  private Buffer filled(Device device, String label, float[] values) {
    Shape shape =
        operands.stream().filter(o -> o.name().equals(label)).findFirst().orElseThrow().shape();
    Buffer buffer = device.allocate(shape);
    buffer.write(values);
    return buffer;
  }

  /** A copy of what a buffer holds. */
  public static double[] values(Buffer buffer) {
    if (buffer instanceof ReferenceBuffer reference) {
      return reference.values().clone();
    }
    float[] floats = new float[buffer.shape().elements()];
    buffer.read(floats);
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  @Override
  public String toString() {
    return name;
  }
}
