package dev.elbo.layer;

import dev.elbo.graph.Value;

/**
 * Latent variables z of an example: the input h gives q(z | x) = Normal(mean, sigma²) by a linear
 * map, the prior is Normal(0, 1), and the output is a draw of z (Kingma and Welling 2014, section
 * 3). What precedes this layer is the encoder, what follows the decoder.
 *
 * @param units D, the dimensions of z
 */
public record Stochastic(int units) implements Layer {
  public Stochastic {
    checkUnits(units);
  }

  static void checkUnits(int units) {
    if (units < 1) {
      throw new IllegalArgumentException("a latent size must be positive, got " + units);
    }
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    return LatentDraw.of(builder, DiagonalGaussian.of(builder, "q", units, x)).draw("z");
  }
}
