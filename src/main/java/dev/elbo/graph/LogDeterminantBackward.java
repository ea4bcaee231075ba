package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * dA = dy·((A + Aᵀ)/2)⁻¹. Inputs (A [D, D] whose symmetric part is positive definite, dy a scalar).
 */
public record LogDeterminantBackward() implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    LogDeterminant.square(this, inputs.getFirst());
    Check.that(
        inputs.get(1).elements() == 1,
        "LogDeterminantBackward takes one number, got %s",
        inputs.get(1));
    return List.of(inputs.getFirst());
  }

  @Override
  public long flops(List<Shape> inputs) {
    long n = inputs.getFirst().rows();
    return 2 * n * n * n;
  }
}
