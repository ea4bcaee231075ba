package dev.elbo.layer;

import dev.elbo.graph.Value;

/**
 * Gives the points of a body, weights and biases alike, the prior Normal(0, scale²). They are then
 * learned as the mode of their posterior (MAP) and no longer by maximum likelihood:
 *
 * <pre>
 * loss = nll + beta / N · sum w² / (2 scale²)
 * </pre>
 *
 * <p>which is a weight decay of beta / (N scale²); reports count the sum as KL(q || p). With {@link
 * Dropout} before a layer the sum is, but for a constant, the divergence of the q of Gal and
 * Ghahramani (2016, equation 6) from a prior of scale sqrt(1 - p) · scale on that layer's weights.
 *
 * @param scale the standard deviation of the prior
 */
public record PointPrior(double scale, Layer body) implements Layer {
  public PointPrior {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("the prior scale must be positive, got " + scale);
    }
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    return builder.withPointPrior(scale, body, x);
  }
}
