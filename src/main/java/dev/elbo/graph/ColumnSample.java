package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * y = mean + std·eps with one eps for each column and sample, for predictions: inputs (mean, std)
 * [B, N], result [S·B, N]. Column n has the linear index n, so that the draw of a row does not
 * depend on which other rows there are.
 *
 * <p>With the moments of x Wᵀ under q each row is distributed as the product with a drawn W is, and
 * rows vary together, though not as those products do (Kingma, Salimans and Welling 2015, section
 * 2.3, where rows are independent). It has no gradient rule.
 *
 * @param noise the site of eps, and S
 */
public record ColumnSample(NoiseSite noise) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape mean = inputs.getFirst();
    Check.that(
        mean.rank() == 2 && mean.equals(inputs.get(1)),
        "ColumnSample: mean %s and std %s are not matrices of one shape",
        mean,
        inputs.get(1));
    return List.of(Shape.of(Math.multiplyExact(noise.samples(), mean.rows()), mean.columns()));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    Shape mean = inputs.getFirst();
    return (2L * mean.elements() + 16L * mean.columns()) * noise.samples();
  }
}
