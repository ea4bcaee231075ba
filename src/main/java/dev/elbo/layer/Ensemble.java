package dev.elbo.layer;

import dev.elbo.graph.Value;
import java.util.stream.Stream;

/**
 * M networks of one shape that are trained together, each on its own: deep ensembles
 * (Lakshminarayanan et al. 2017), or of mean-field Gaussians, which are mixtures of them (Wilson
 * and Izmailov 2020, section 4). Member m starts from seed + m and sees the data in the order of
 * seed + m.
 *
 * <p>Parameters [N, K] of the body become [M·N, K], and a product multiplies all members at once.
 * Members of points are equal to the bit to single runs of their seeds and are the samples of a
 * prediction. Members with {@link VariationalLinear} layers share a prediction's samples in equal
 * parts; the draws of member m are those of the rows from m·N on, at the noise of one seed. It is
 * the whole body of a network.
 *
 * @param members M, at least 2
 * @param body {@link Linear} and {@link VariationalLinear} layers, activations, and what is made of
 *     them
 */
public record Ensemble(int members, Layer body) implements Layer {
  public Ensemble {
    if (members < 2) {
      throw new IllegalArgumentException("an ensemble needs at least 2 members, got " + members);
    }
    parts(body)
        .filter(part -> !canBeOfMembers(part))
        .findFirst()
        .ifPresent(
            part -> {
              throw new IllegalArgumentException(
                  "the members of an ensemble are made of linear layers, not of "
                      + part.getClass().getSimpleName());
            });
  }

  /** Whether weights of the members are drawn, so that each has samples of its own. */
  public boolean drawn() {
    return parts(body).anyMatch(VariationalLinear.class::isInstance);
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    builder.ensemble(members);
    return body.build(builder, x);
  }

  private static boolean canBeOfMembers(Layer part) {
    return part instanceof Linear
        || part instanceof VariationalLinear
        || part instanceof Activation
        || part instanceof Identity;
  }

  /** What a layer is made of. */
  private static Stream<Layer> parts(Layer layer) {
    return switch (layer) {
      case Sequential sequential -> sequential.layers().stream().flatMap(Ensemble::parts);
      case Concatenate branches -> branches.branches().stream().flatMap(Ensemble::parts);
      case Residual residual -> parts(residual.body());
      case PointPrior prior -> parts(prior.body());
      default -> Stream.of(layer);
    };
  }
}
