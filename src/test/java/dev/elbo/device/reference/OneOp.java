package dev.elbo.device.reference;

import dev.elbo.device.Buffer;
import dev.elbo.device.OpCase;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Op;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs one operation on numbers given in a test. */
final class OneOp {
  private final int step;
  private final int firstSample;

  /** The seed of the noise. */
  static final long SEED = 42;

  OneOp(int step, int firstSample) {
    this.step = step;
    this.firstSample = firstSample;
  }

  /** An operand. */
  record In(Shape shape, double... values) {}

  static In scalar(double value) {
    return new In(Shape.SCALAR, value);
  }

  static In vector(double... values) {
    return new In(Shape.of(values.length), values);
  }

  /** A matrix of the given columns. */
  static In matrix(int columns, double... values) {
    return new In(Shape.of(values.length / columns, columns), values);
  }

  /** The first result at step 1, from sample 0. */
  static double[] first(Op op, In... operands) {
    return new OneOp(1, 0).run(op, operands).getFirst();
  }

  /** The results, then what the operation has overwritten. */
  List<double[]> run(Op op, In... operands) {
    Graph graph = new Graph();
    List<Integer> written = op.writes(operands.length);
    Map<String, Buffer> parameters = new HashMap<>();
    List<Value> values = new ArrayList<>();
    ReferenceDevice device = new ReferenceDevice();
    for (int i = 0; i < operands.length; i++) {
      Shape shape = operands[i].shape;
      if (written.contains(i)) {
        ReferenceBuffer buffer = device.allocate(shape);
        System.arraycopy(operands[i].values, 0, buffer.values(), 0, shape.elements());
        parameters.put("p" + i, buffer);
        values.add(graph.parameter("p" + i, shape));
      } else {
        values.add(graph.input("i" + i, shape));
      }
    }
    List<Value> results = graph.addAll(op, values);
    for (Value result : results) {
      graph.output("y" + result.output(), result);
    }
    try (Program program = device.compile(graph, parameters, SEED)) {
      for (int i = 0; i < operands.length; i++) {
        if (!written.contains(i)) {
          double[] target = ((ReferenceBuffer) program.input("i" + i)).values();
          System.arraycopy(operands[i].values, 0, target, 0, target.length);
        }
      }
      program.run(step, firstSample);
      List<double[]> all = new ArrayList<>();
      results.forEach(y -> all.add(OpCase.values(program.output("y" + y.output()))));
      written.forEach(i -> all.add(OpCase.values(parameters.get("p" + i))));
      return all;
    }
  }
}
