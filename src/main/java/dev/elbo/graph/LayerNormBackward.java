package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * The gradients of {@link LayerNorm}: with n = (x - mean) · rstd and g = dy · gamma, dx = rstd · (g
 * - mean(g) - n · mean(g · n)), dgamma the sum of dy · n over the rows of each group, dbeta that of
 * dy. Inputs (dy [R, N], x [R, N], gamma, mean [R, 1], rstd [R, 1]), results (dx [R, N], dgamma and
 * dbeta, both like gamma).
 */
public record LayerNormBackward() implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 5);
    Shape x = inputs.get(1);
    Shape gamma = inputs.get(2);
    LayerNorm.fits(this, x, gamma);
    Shape statistic = Shape.of(x.rows(), 1);
    Check.that(
        inputs.get(0).equals(x)
            && inputs.get(3).equals(statistic)
            && inputs.get(4).equals(statistic),
        "LayerNormBackward: gradient %s, mean %s and rstd %s for rows %s",
        inputs.get(0),
        inputs.get(3),
        inputs.get(4),
        x);
    return List.of(x, gamma, gamma);
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 14L * inputs.getFirst().elements();
  }
}
