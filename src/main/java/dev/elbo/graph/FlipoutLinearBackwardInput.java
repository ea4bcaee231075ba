package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * dx = dy mu + ((dy·t) (sigma·eps))·r, summed over samples when x is shared. Inputs (dy [S·B, N],
 * mu [N, K], log_sigma [N, K]).
 */
public record FlipoutLinearBackwardInput(FlipoutLinear forward) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 3);
    Shape dy = inputs.getFirst();
    Shape mu = inputs.get(1);
    Gaussians.sameMatrix(this, mu, inputs.get(2));
    Check.that(dy.columns() == mu.rows(), "%s: gradient %s, weights %s", name(), dy, mu);
    int samples = forward.noise().samples();
    return List.of(Linear.inputGradient(this, dy, mu.columns(), samples, forward.shared()));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    int exampleRows = inputs.getFirst().rows() / forward.noise().samples();
    return forward.flops(inputs.get(1), exampleRows);
  }
}
