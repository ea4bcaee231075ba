package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * dx = dy W_s with W_s drawn again, summed over samples when x is shared. Inputs (dy [S·B, N], mu
 * [N, K], log_sigma [N, K]).
 */
public record VariationalLinearBackwardInput(NoiseSite noise, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 3);
    Shape mu = inputs.get(1);
    Gaussians.sameMatrix(this, mu, inputs.get(2));
    Shape dy = inputs.getFirst();
    Check.that(dy.columns() == mu.rows(), "%s: gradient %s, weights %s", name(), dy, mu);
    return List.of(Linear.inputGradient(this, dy, mu.columns(), noise.samples(), shared));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    int exampleRows = inputs.getFirst().rows() / noise.samples();
    return VariationalLinear.flops(noise, inputs.get(1), exampleRows);
  }
}
