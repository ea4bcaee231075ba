package dev.elbo.layer;

import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * Layer normalisation with a learned scale and shift of each column, which start at 1 and 0 (Ba et
 * al. 2016).
 *
 * @param epsilon added to the variance
 */
public record LayerNorm(double epsilon) implements Layer {
  @Override
  public Value build(NetworkBuilder builder, Value x) {
    Shape columns = Shape.of(x.shape().columns());
    Value gamma = builder.point("gamma", columns, new Initial.Constant(1));
    Value beta = builder.point("beta", columns, new Initial.Constant(0));
    return builder
        .graph()
        .addAll(new dev.elbo.graph.LayerNorm(epsilon), List.of(x, gamma, beta))
        .getFirst();
  }
}
