package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * An operation applied to values of earlier nodes.
 *
 * @param id its position in the graph
 * @param op what it computes
 * @param inputs what it reads, and for updates what it overwrites
 * @param outputs what it computes
 */
public record Node(int id, Op op, List<Value> inputs, List<Value> outputs) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The input at a position. */
  public Value input(int position) {
    return inputs.get(position);
  }

  /** The result at a position. */
  public Value output(int position) {
    return outputs.get(position);
  }

  /** The shapes of the inputs. */
  public List<Shape> inputShapes() {
    return inputs.stream().map(Value::shape).toList();
  }

  @Override
  public String toString() {
    return op.name() + inputShapes() + " at node " + id;
  }
}
