package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/** dW = dyᵀ x for each sample; inputs (x [S·B, K] or [B, K], dy [S·B, N]), result [S·N, K]. */
public record LinearBackwardWeight(int samples, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape x = inputs.get(0);
    Shape dy = inputs.get(1);
    Linear.sameExamples(this, x, dy, samples, shared);
    return List.of(Shape.of(samples * dy.columns(), x.columns()));
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 2L * inputs.get(1).elements() * inputs.get(0).columns();
  }
}
