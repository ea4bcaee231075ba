package dev.elbo.layer;

import dev.elbo.graph.Graph;
import dev.elbo.graph.LatentSample;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Rearrangement.StopGradient;
import dev.elbo.graph.Value;
import java.util.Optional;

/**
 * A draw of latent variables from a posterior q or a prior p, as the builder's {@link LatentUse}
 * wants it, with the term of the bound that it costs.
 *
 * @param prior p; empty for Normal(0, 1)
 */
record LatentDraw(
    NetworkBuilder builder, NoiseSite noise, DiagonalGaussian q, Optional<DiagonalGaussian> prior) {

  /** With the prior Normal(0, 1). */
  static LatentDraw of(NetworkBuilder builder, DiagonalGaussian q) {
    return new LatentDraw(builder, builder.noise(builder.sites(1)), q, Optional.empty());
  }

  /** With a prior that depends on latent variables drawn before. */
  static LatentDraw of(NetworkBuilder builder, DiagonalGaussian q, DiagonalGaussian prior) {
    return new LatentDraw(builder, builder.noise(builder.sites(1)), q, Optional.of(prior));
  }

  /** Draws z [S·B, D] and remembers its term under the name. */
  Value draw(String name) {
    return switch (builder.latentUse()) {
      case PRIOR -> sample(fromPrior());
      case DIVERGENCE -> {
        Value z = sample(q);
        builder.latent(name, z, z, divergence());
        yield z;
      }
      case RATIO -> {
        Value z = sample(q);
        builder.latent(name, z, z, logRatio(z));
        yield z;
      }
      case CUT_RATIO -> {
        Value z = sample(q);
        Value taken = graph().add(new StopGradient(), z);
        builder.latent(name, z, taken, logRatio(taken));
        yield taken;
      }
    };
  }

  private Graph graph() {
    return builder.graph();
  }

  private Value sample(DiagonalGaussian from) {
    boolean shared = builder.shared(from.mean());
    return graph().add(new LatentSample(noise, shared), from.mean(), from.logSigma());
  }

  private DiagonalGaussian fromPrior() {
    return prior.orElseGet(() -> DiagonalGaussian.standard(graph(), q.mean().shape()));
  }

  private Value divergence() {
    if (prior.isEmpty()) {
      return q.divergence(graph());
    }
    DiagonalGaussian p = prior.get();
    boolean same = q.mean().shape().equals(p.mean().shape());
    return same
        ? q.divergence(graph(), p)
        : q.sampled(builder).divergence(graph(), p.sampled(builder));
  }

  /** log p(z) - log q(z | x). */
  private Value logRatio(Value z) {
    Value logP =
        prior
            .map(p -> p.sampled(builder).logDensity(graph(), z))
            .orElseGet(() -> DiagonalGaussian.standardLogDensity(graph(), z));
    Value logQ = q.sampled(builder).logDensity(graph(), z);
    return DiagonalGaussian.minus(graph(), logP, logQ);
  }
}
