package dev.elbo.layer;

import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Value;

/**
 * y = x · mask / (1 - p): each element is 0 with probability p, in training and in prediction, so
 * that the samples of a prediction differ (Monte-Carlo dropout, Gal and Ghahramani 2016). Every row
 * has a mask of its own.
 *
 * @param probability p, in (0, 1)
 */
public record Dropout(double probability) implements Layer {
  public Dropout {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "the dropout probability must be in (0, 1), got " + probability);
    }
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    // Antithetic pairs would share their masks.
    NoiseSite masks = new NoiseSite(builder.sites(1), builder.sampling().samples(), false);
    return builder.graph().add(new dev.elbo.graph.Dropout(masks, probability), builder.sampled(x));
  }
}
