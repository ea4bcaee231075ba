package dev.elbo.layer;

import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;

/**
 * A model p(y | x, W) p(W): what is written into a checkpoint and can be built again.
 *
 * @param inputs the columns of x
 * @param body the layers; the last has as many units as the likelihood takes outputs
 * @param likelihood p(y | outputs)
 * @param prior p(w) of every variational weight
 * @param observations what the rows of the data are
 */
public record Network(
    int inputs, Layer body, Likelihood likelihood, Prior prior, Observations observations) {
  public Network {
    if (inputs < 1) {
      throw new IllegalArgumentException("a network needs at least one input, got " + inputs);
    }
    if (observations instanceof Observations.Unlabelled && likelihood.targets() != inputs) {
      throw new IllegalArgumentException(
          "an autoencoder of %d inputs needs as many targets, its likelihood has %d"
              .formatted(inputs, likelihood.targets()));
    }
  }

  /** How many networks it is: the members of an {@link Ensemble}, else 1. */
  public int members() {
    return body instanceof Ensemble ensemble ? ensemble.members() : 1;
  }

  /**
   * The least number of samples, from a number on, that a prediction can be made of: members of
   * points are its samples, members that are drawn have equal parts of it.
   */
  public int samples(int atLeast) {
    return switch (body) {
      case Ensemble all when all.drawn() -> Math.ceilDiv(atLeast, all.members()) * all.members();
      case Ensemble all -> all.members();
      default -> atLeast;
    };
  }

  /** The same network whose points have the prior Normal(0, scale²). */
  public Network withPointPrior(double scale) {
    return new Network(inputs, new PointPrior(scale, body), likelihood, prior, observations);
  }

  /** An ensemble of networks like this one. */
  public Network ensemble(int members) {
    return new Network(inputs, new Ensemble(members, body), likelihood, prior, observations);
  }

  /**
   * Adds the network to a graph.
   *
   * @param x [B, inputs]
   * @return the parameters of the likelihood, a row for each sample and example
   * @throws IllegalArgumentException when the last layer does not fit the likelihood
   */
  public Likelihood.Parameters build(NetworkBuilder builder, Value x) {
    Value outputs = builder.sampled(body.build(builder, x));
    if (outputs.shape().columns() != likelihood.outputs()) {
      throw new IllegalArgumentException(
          "the network has %d outputs, the likelihood %s takes %d"
              .formatted(
                  outputs.shape().columns(),
                  likelihood.getClass().getSimpleName(),
                  likelihood.outputs()));
    }
    return likelihood.parameters(builder.graph(), builder, outputs);
  }

  /** The shape of a batch of inputs. */
  public Shape inputShape(int batch) {
    return Shape.of(batch, inputs);
  }

  /** The shape of a batch of targets; they are the inputs of an autoencoder. */
  public Shape targetShape(int batch) {
    return Shape.of(batch, likelihood.targets());
  }
}
