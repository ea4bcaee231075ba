package dev.elbo.cli;

import dev.elbo.cli.WeightOptions.PriorKind;
import dev.elbo.distribution.Covariance;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.layer.CorrelatedLinear;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Layer;
import dev.elbo.layer.VariationalLinear;
import java.util.Optional;
import java.util.function.IntFunction;
import picocli.CommandLine.Option;

/** The options of perceptrons about the covariance of a layer's weights. */
final class CovarianceOptions {
  /** How the weights of a layer vary together. */
  enum Kind {
    DIAGONAL,
    FULL,
    LOW_RANK,
    KRONECKER
  }

  @Option(
      names = "--covariance",
      paramLabel = "diagonal|full|low-rank|kronecker",
      defaultValue = TrainDefaults.COVARIANCE,
      description =
          "Of the weights of a layer under their posterior; all but diagonal (mean-field) take a "
              + "gaussian prior and the naive estimator, and are for small layers. "
              + "Default: ${DEFAULT-VALUE}")
  Kind kind = Kind.DIAGONAL;

  @Option(
      names = "--rank",
      paramLabel = "R",
      description = "Of --covariance low-rank. Default: " + TrainDefaults.RANK)
  Optional<Integer> rank = Optional.empty();

  /** Whether weights have correlations. */
  boolean correlated() {
    return kind != Kind.DIAGONAL;
  }

  /** Refuses what does not go with weights that have correlations. */
  void check(
      boolean bayesian, boolean ensemble, Optional<PriorKind> prior, TrainingOptions training) {
    rank.ifPresent(r -> Check.atLeast("--rank", 1, r));
    if (rank.isPresent() && kind != Kind.LOW_RANK) {
      throw new IllegalArgumentException("--rank is for --covariance low-rank");
    }
    if (!correlated()) {
      return;
    }
    String what = "--covariance " + Choices.name(kind) + " does not go with ";
    if (!bayesian) {
      throw new IllegalArgumentException(what + "weights learned as points");
    }
    if (ensemble) {
      throw new IllegalArgumentException(what + "--ensemble, only diagonal");
    }
    if (training.ivon()) {
      throw new IllegalArgumentException(what + "--optimizer ivon, which is mean-field");
    }
    if (training.estimator != Estimator.NAIVE) {
      throw new IllegalArgumentException(
          what + "--estimator " + Choices.name(training.estimator) + ", only with naive");
    }
    if (prior.isPresent() && prior.get() != PriorKind.GAUSSIAN) {
      throw new IllegalArgumentException(
          what + "--prior " + Choices.name(prior.get()) + ", only with gaussian");
    }
  }

  /** The Bayesian layer of so many units. */
  IntFunction<Layer> layer(GaussianPosterior posterior) {
    return switch (kind) {
      case DIAGONAL -> units -> new VariationalLinear(units, posterior);
      case FULL -> of(new Covariance.Full(), posterior);
      case LOW_RANK ->
          of(new Covariance.LowRank(rank.orElse(Integer.parseInt(TrainDefaults.RANK))), posterior);
      case KRONECKER -> of(new Covariance.Kronecker(), posterior);
    };
  }

  private static IntFunction<Layer> of(Covariance covariance, GaussianPosterior posterior) {
    return units -> new CorrelatedLinear(units, covariance, posterior);
  }
}
