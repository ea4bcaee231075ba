package dev.elbo.layer;

import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;

/**
 * y = x Wᵀ + b with W [units, K] and b [units] learned as points. W starts at Normal(0, 2/K) (He et
 * al. 2015), b at 0.
 *
 * @param units the columns of y
 */
public record Linear(int units) implements Layer {
  public Linear {
    if (units < 1) {
      throw new IllegalArgumentException("a layer needs at least one unit, got " + units);
    }
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    int columns = x.shape().columns();
    // Four sites, as a variational layer takes: both kinds start from the same weights.
    int site = builder.sites(4);
    Initial start = new Initial.Normal(Math.sqrt(2.0 / columns), site);
    Value weight = builder.point("weight", Shape.of(units, columns), start);
    Value bias = builder.point("bias", Shape.of(units), new Initial.Constant(0));
    int matrices = builder.members();
    boolean shared = matrices > 1 && builder.shared(x);
    Value y = builder.graph().add(new dev.elbo.graph.Linear(matrices, shared), x, weight);
    return builder.graph().add(new AddBias(), y, bias);
  }
}
