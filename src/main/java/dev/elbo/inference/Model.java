package dev.elbo.inference;

import dev.elbo.layer.Network;

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
}
