package dev.elbo.layer;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;

/**
 * y = x + p with a learned row of p [T, N] for each place in a sequence; every T rows of x are one
 * (Vaswani et al. 2017, section 3.5). It starts at Normal(0, 0.1²).
 *
 * @param length T
 */
public record PositionalEncoding(int length) implements Layer {
  @Override
  public Value build(NetworkBuilder builder, Value x) {
    int rows = x.shape().rows();
    if (rows % length != 0) {
      throw new IllegalArgumentException("%d rows are not sequences of %d".formatted(rows, length));
    }
    Initial start = new Initial.Normal(Embedding.START, builder.sites(1));
    Value places = builder.point("places", Shape.of(length, x.shape().columns()), start);
    Value repeated = builder.graph().add(new RepeatRows(rows / length), places);
    return builder.graph().add(new Add(), x, repeated);
  }
}
