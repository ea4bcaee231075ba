package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * da = dL below the diagonal and 0 elsewhere; dlog_diagonal_i = dL_ii·exp(log_diagonal_i). Inputs
 * (dL [D, D], log_diagonal [D]).
 */
public record CholeskyFactorBackward() implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape dl = inputs.getFirst();
    Check.that(
        dl.rows() == dl.columns() && inputs.get(1).equals(Shape.of(dl.rows())),
        "CholeskyFactorBackward: %s and a diagonal %s are no square matrix",
        dl,
        inputs.get(1));
    return inputs;
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 9L * inputs.get(1).elements();
  }
}
