package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** A value that comes from outside the step: no inputs, one result. */
public sealed interface Leaf extends Op {
  /** The sizes of the value. */
  Shape shape();

  @Override
  default List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 0);
    return List.of(shape());
  }

  @Override
  default List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    return List.of();
  }

  @Override
  default long flops(List<Shape> inputs) {
    return 0;
  }

  @Override
  default long bytes(List<Shape> inputs) {
    return 0;
  }

  /** What is written before a run: a batch, a learning rate. */
  record Input(String label, Shape shape) implements Leaf {}

  /** State that lives from step to step: parameters and what optimizers remember. */
  record Parameter(String label, Shape shape) implements Leaf {}

  /** A tensor filled with one number. */
  record Constant(double value, Shape shape) implements Leaf {}
}
