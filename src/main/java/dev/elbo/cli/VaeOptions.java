package dev.elbo.cli;

import dev.elbo.data.Schema;
import dev.elbo.distribution.Likelihood;
import dev.elbo.inference.LatentBound;
import dev.elbo.inference.Objective;
import dev.elbo.layer.Sampling;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of variational autoencoders. */
final class VaeOptions {
  /** p(x | z). */
  enum Decoder {
    BERNOULLI,
    GAUSSIAN
  }

  @Option(
      names = "--latent",
      paramLabel = "N,N,...",
      converter = Widths.Converter.class,
      description =
          "Latent dimensions of each stochastic layer, that next to the data first. Default: "
              + TrainDefaults.LATENT_RULE)
  Optional<Widths> latent = Optional.empty();

  @Option(
      names = "--decoder",
      paramLabel = "bernoulli|gaussian",
      description =
          "p(x | z): bernoulli for inputs from 0 to 1 and pixels, gaussian with a learned scale "
              + "a column. Default: bernoulli for pictures, gaussian for tables")
  Optional<Decoder> decoder = Optional.empty();

  @Option(
      names = "--bound",
      paramLabel = "elbo|iwae|dreg",
      defaultValue = TrainDefaults.BOUND,
      description =
          "What is maximised: the ELBO, or the importance-weighted bound of --samples draws, dreg "
              + "with the doubly reparameterised gradient. Default: ${DEFAULT-VALUE}")
  LatentBound bound = LatentBound.ELBO;

  @Option(
      names = "--free-bits",
      paramLabel = "NATS",
      defaultValue = TrainDefaults.FREE_BITS,
      description = "KL that each latent dimension has for nothing. Default: ${DEFAULT-VALUE}")
  double freeBits;

  /** Refuses numbers that make no model. */
  void check() {
    Check.notNegative("--free-bits", freeBits);
    if (latent.isPresent() && latent.get().units().isEmpty()) {
      throw new IllegalArgumentException("--latent none leaves no latent dimension: a vae needs 1");
    }
  }

  /** Refuses what an importance-weighted bound does not have. */
  void checkBound(boolean bayesian, double klWeight, double klWarmup) {
    if (bound == LatentBound.ELBO) {
      return;
    }
    String what = "--bound " + Choices.name(bound) + " does not go with ";
    if (bayesian) {
      throw new IllegalArgumentException(what + "--posterior gaussian");
    }
    if (klWeight != 1 || klWarmup > 0 || freeBits > 0) {
      throw new IllegalArgumentException(what + "--kl-weight, --kl-warmup or --free-bits");
    }
  }

  /** p(x | z) for data of a kind. */
  Likelihood likelihood(Schema schema) {
    int inputs = schema.features().size();
    return switch (decoder.orElse(schema.hasImages() ? Decoder.BERNOULLI : Decoder.GAUSSIAN)) {
      case BERNOULLI -> new Likelihood.Bernoulli(inputs);
      case GAUSSIAN -> new Likelihood.GaussianLearned(inputs, TrainDefaults.NOISE_SCALE);
    };
  }

  /** What is maximised. */
  Objective objective(Sampling sampling, double klWeight, double klWarmup) {
    return new Objective(sampling, klWeight, klWarmup, bound, freeBits);
  }
}
