package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/** dx = dy W, summed over samples when x is shared; inputs (dy [S·B, N], W [S·N, K]). */
public record LinearBackwardInput(int samples, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape dy = inputs.get(0);
    Shape w = inputs.get(1);
    Check.that(w.rows() == samples * dy.columns(), "%s: gradient %s, weights %s", name(), dy, w);
    return List.of(Linear.inputGradient(this, dy, w.columns(), samples, shared));
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 2L * inputs.get(0).elements() * inputs.get(1).columns();
  }
}
