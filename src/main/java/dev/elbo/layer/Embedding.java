package dev.elbo.layer;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.Optional;

/**
 * The rows of a learned table [V, units] that tokens [B, 1], whole numbers from 0 to V - 1, point
 * to. It starts at Normal(0, 0.1²).
 *
 * @param vocabulary V
 * @param units the columns of y
 * @param posterior of the table's elements; empty learns them as points
 */
public record Embedding(int vocabulary, int units, Optional<GaussianPosterior> posterior)
    implements Layer {
  static final double START = 0.1;

  public Embedding {
    if (vocabulary < 1 || units < 1) {
      throw new IllegalArgumentException(
          "an embedding needs tokens and units, got %d and %d".formatted(vocabulary, units));
    }
  }

  @Override
  public Value build(NetworkBuilder builder, Value tokens) {
    int site = builder.sites(1);
    Shape shape = Shape.of(vocabulary, units);
    Initial start = new Initial.Normal(START, site);
    if (posterior.isEmpty()) {
      Value table = builder.point("table", shape, start);
      return builder.graph().add(new dev.elbo.graph.Embedding(1, true), table, tokens);
    }
    NoiseSite noise = builder.noise(site);
    Factor factor = builder.factor("table", shape, start, posterior.get(), noise);
    Value table =
        builder.graph().add(new Sample(noise, 1), factor.mu().value(), factor.logSigma().value());
    boolean shared = builder.shared(tokens);
    return builder
        .graph()
        .add(new dev.elbo.graph.Embedding(noise.samples(), shared), table, tokens);
  }
}
