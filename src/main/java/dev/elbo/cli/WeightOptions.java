package dev.elbo.cli;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Prior;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of all models about the distribution of weights. */
final class WeightOptions {
  /** What is learned of a weight. */
  enum PosteriorKind {
    GAUSSIAN,
    LAST_LAYER,
    NONE
  }

  /** What is known of a weight before. */
  enum PriorKind {
    GAUSSIAN,
    SCALE_MIXTURE,
    LAPLACE,
    LEARNED
  }

  @Option(
      names = "--posterior",
      paramLabel = "gaussian|last-layer|none",
      description =
          "Of the weights, in a vae those of the decoder; last-layer learns those of the hidden"
              + " layers as points, none all. Default: gaussian; none in a vae and with --dropout"
              + " or --ensemble")
  Optional<PosteriorKind> posterior = Optional.empty();

  @Option(
      names = "--init-sigma",
      paramLabel = "S",
      defaultValue = TrainDefaults.INIT_SIGMA,
      description = "Where the posterior's scales start. Default: ${DEFAULT-VALUE}")
  double initSigma;

  @Option(
      names = "--prior",
      paramLabel = "gaussian|scale-mixture|laplace|learned",
      description =
          "Of the weights; points can have a gaussian one, which is a weight decay of "
              + "1 / (N S^2). Default: "
              + TrainDefaults.PRIOR_RULE)
  Optional<PriorKind> prior = Optional.empty();

  @Option(
      names = "--prior-scale",
      paramLabel = "S",
      defaultValue = TrainDefaults.PRIOR_SCALE,
      description = "Of the prior; learned starts there. Default: ${DEFAULT-VALUE}")
  double priorScale;

  /** Refuses numbers that make no distribution. */
  void check() {
    Check.positive("--prior-scale", priorScale);
    Check.positive("--init-sigma", initSigma);
    try {
      posterior();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--init-sigma " + initSigma + ": " + e.getMessage(), e);
    }
  }

  /** The posterior of Bayesian weights. */
  GaussianPosterior posterior() {
    return new GaussianPosterior(Math.log(initSigma));
  }

  /** The prior; where the user says nothing, one of a kind. */
  Prior prior(PriorKind byDefault) {
    return switch (prior.orElse(byDefault)) {
      case GAUSSIAN -> new Prior.Gaussian(priorScale);
      case SCALE_MIXTURE ->
          new Prior.ScaleMixture(
              TrainDefaults.MIXTURE, priorScale, priorScale * TrainDefaults.MIXTURE_RATIO);
      case LAPLACE -> new Prior.Laplace(priorScale);
      case LEARNED -> new Prior.LearnedGaussian(priorScale);
    };
  }
}
