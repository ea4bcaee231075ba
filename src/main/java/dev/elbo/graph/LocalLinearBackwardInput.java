package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * dx = dy mu + 2 x·(dv sigma²) with dv = dy·eps / (2 std), 0 where std is 0, summed over samples
 * when x is shared. Inputs (dy [S·B, N], std, x, mu [N, K], log_sigma [N, K]), result like x.
 */
public record LocalLinearBackwardInput(NoiseSite noise, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 5);
    Shape dy = inputs.get(0);
    Shape x = inputs.get(2);
    Shape mu = inputs.get(3);
    Gaussians.sameMatrix(this, mu, inputs.get(4));
    Linear.sameExamples(this, x, dy, noise.samples(), shared);
    Check.that(
        dy.columns() == mu.rows() && inputs.get(1).equals(Shape.of(x.rows(), mu.rows())),
        "%s: gradient %s, std %s, weights %s",
        name(),
        dy,
        inputs.get(1),
        mu);
    return List.of(x);
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 4L * inputs.getFirst().elements() * inputs.get(3).columns()
        + 18L * inputs.getFirst().elements();
  }
}
