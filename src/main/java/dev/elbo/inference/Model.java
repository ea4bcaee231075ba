package dev.elbo.inference;

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
