package dev.elbo.layer;

import dev.elbo.graph.Value;

/**
 * M networks of one shape that are trained together, each on its own (deep ensembles,
 * Lakshminarayanan et al. 2017). Member m starts from seed + m and sees the data in the order of
 * seed + m, and is equal to the bit to a single run of that seed. The members are the samples of a
 * prediction.
 *
 * <p>Parameters [N, K] of the body become [M·N, K], and a product multiplies all members at once.
 * It is the whole body of a network.
 *
 * @param members M, at least 2
 * @param body of deterministic layers: {@link Linear}, activations, and what is made of them
 */
public record Ensemble(int members, Layer body) implements Layer {
  public Ensemble {
    if (members < 2) {
      throw new IllegalArgumentException("an ensemble needs at least 2 members, got " + members);
    }
    requireDeterministic(body);
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    builder.ensemble(members);
    return body.build(builder, x);
  }

  private static void requireDeterministic(Layer layer) {
    switch (layer) {
      case Linear linear -> {}
      case Activation activation -> {}
      case Identity identity -> {}
      case Sequential sequential -> sequential.layers().forEach(Ensemble::requireDeterministic);
      case Concatenate branches -> branches.branches().forEach(Ensemble::requireDeterministic);
      case Residual residual -> requireDeterministic(residual.body());
      case PointPrior prior -> requireDeterministic(prior.body());
      default ->
          throw new IllegalArgumentException(
              "the members of an ensemble are made of linear layers learned as points, not of "
                  + layer.getClass().getSimpleName());
    }
  }
}
