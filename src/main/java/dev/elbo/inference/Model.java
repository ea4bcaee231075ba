package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.distribution.Likelihood;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;

/**
 * A network with its units: all that is needed beside the parameters to predict.
 *
 * @param network the layers, likelihood and prior, in model units
 * @param normalization between the user's units and the model's
 */
public record Model(Network network, Normalization normalization) {
  public Model {
    if (normalization.inputs().mean().length != network.inputs()) {
      throw new IllegalArgumentException(
          "the network takes %d inputs, the normalisation has %d"
              .formatted(network.inputs(), normalization.inputs().mean().length));
    }
  }

  /** Examples in model units, all of them. */
  Examples standardised(Examples examples) {
    return standardised(examples, 0, examples.size());
  }

  /** Throws IllegalArgumentException when examples have other inputs than the network. */
  void requireInputs(Examples examples) {
    if (examples.features() != network.inputs()) {
      throw new IllegalArgumentException(
          "the model takes %d inputs, the data has %d"
              .formatted(network.inputs(), examples.features()));
    }
  }

  /**
   * Some of the examples in model units.
   *
   * @param first the first of them
   * @throws IllegalArgumentException when they have other inputs than the network, or inputs that
   *     an autoencoder has no density for
   */
  Examples standardised(Examples examples, int first, int count) {
    requireInputs(examples);
    Examples standardised = normalization.apply(examples, first, count);
    boolean probabilities =
        network.observations() instanceof Observations.Unlabelled
            && network.likelihood() instanceof Likelihood.Bernoulli;
    for (int i = 0; probabilities && i < standardised.inputs().length; i++) {
      float value = standardised.inputs()[i];
      if (!(value >= 0 && value <= 1)) {
        int column = i % network.inputs();
        throw new IllegalArgumentException(
            "a Bernoulli decoder takes inputs from 0 to %s, but input %d of example %d is %s"
                .formatted(
                    normalization.inputs().scale()[column],
                    column,
                    first + i / network.inputs(),
                    examples.inputs()[first * network.inputs() + i]));
      }
    }
    return standardised;
  }

  /**
   * log of what one model unit of the targets is in the user's units: log-densities in the user's
   * units are smaller by it. The targets of an autoencoder are all its inputs.
   */
  double logUnit() {
    if (!network.likelihood().continuous()) {
      return 0;
    }
    if (!(network.observations() instanceof Observations.Unlabelled)) {
      return Math.log(normalization.targetScale());
    }
    double sum = 0;
    for (float scale : normalization.inputs().scale()) {
      sum += Math.log(scale);
    }
    return sum;
  }
}
