package dev.elbo.layer;

import dev.elbo.graph.Value;

/**
 * A body whose weights start at another scale: means that are drawn start at {@code factor} times
 * what they would be.
 *
 * @param factor positive
 */
public record InitialScale(double factor, Layer body) implements Layer {
  public InitialScale {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("the initial scale must be positive, got " + factor);
    }
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    return builder.withInitialScale(factor, body, x);
  }
}
