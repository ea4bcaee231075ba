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
 * <p>which is a weight decay of beta / (N scale²). The sum counts as KL(q || p) in the reports. With
 * {@link Dropout} in the body it is the divergence of Gal and Ghahramani's q from that prior but for
 * a constant and the factor 1 - p on the weights that dropout meets (2016, appendix).
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
