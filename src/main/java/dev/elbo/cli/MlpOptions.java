package dev.elbo.cli;

import dev.elbo.cli.WeightOptions.PosteriorKind;
import dev.elbo.cli.WeightOptions.PriorKind;
import dev.elbo.data.Schema;
import dev.elbo.data.Task;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Function;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of multilayer perceptrons. */
final class MlpOptions {
  /** What the outputs mean. */
  enum LikelihoodKind {
    CATEGORICAL,
    GAUSSIAN,
    HETEROSCEDASTIC,
    STUDENT_T,
    POISSON
  }

  @Option(
      names = "--likelihood",
      paramLabel = "gaussian|heteroscedastic|student-t|poisson|categorical",
      description =
          "What the outputs mean; gaussian learns one noise scale. Default: categorical for "
              + "classification, gaussian for regression")
  Optional<LikelihoodKind> likelihood = Optional.empty();

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description =
          "Probability with which units of the hidden layers are dropped, in prediction too; "
              + "weights are points")
  Optional<Double> dropout = Optional.empty();

  @Option(
      names = "--ensemble",
      paramLabel = "M",
      description =
          "Train the M networks of --seed and the next seeds at once; weights are points, and "
              + "members are the samples of a prediction, unless --posterior is given, whose "
              + "members share the samples")
  Optional<Integer> ensemble = Optional.empty();

  /** What cannot be said of points that are learned without noise. */
  private static final List<String> OF_SAMPLES =
      List.of("--init-sigma", "--estimator", "--antithetic");

  /** What cannot be said of an ensemble, of points or not. */
  private static final List<String> OF_ONE_NETWORK =
      List.of("--samples", "--antithetic", "--clip-norm");

  /** The option, if one is given, with which weights are points unless a posterior is given. */
  Optional<String> ofPoints() {
    return ensemble.isPresent()
        ? Optional.of("--ensemble")
        : dropout.map(probability -> "--dropout");
  }

  /** Refuses numbers that make no model, and options that do not go together. */
  void check(
      PosteriorKind posterior, WeightOptions weights, Estimator estimator, List<String> given) {
    ensemble.ifPresent(members -> Check.atLeast("--ensemble", 2, members));
    dropout.ifPresent(probability -> Check.inside("--dropout", probability));
    if (ensemble.isPresent() && dropout.isPresent()) {
      throw new IllegalArgumentException(
          "--dropout does not go with --ensemble: its members are deterministic");
    }
    if (dropout.isPresent() && posterior != PosteriorKind.NONE) {
      throw new IllegalArgumentException(
          "--posterior %s does not go with --dropout, which learns weights as points"
              .formatted(Choices.name(posterior)));
    }
    if (posterior == PosteriorKind.NONE) {
      ofPoints().ifPresent(option -> refuse(OF_SAMPLES, option, given));
      checkPrior(weights.prior, given.contains("--prior-scale"));
    }
    if (ensemble.isPresent()) {
      refuse(OF_ONE_NETWORK, "--ensemble", given);
      checkDrawn(weights.prior, estimator);
    }
  }

  private static void refuse(List<String> names, String option, List<String> given) {
    names.stream()
        .filter(given::contains)
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(name + " does not go with " + option);
            });
  }

  private static void checkDrawn(Optional<PriorKind> prior, Estimator estimator) {
    if (estimator != Estimator.NAIVE) {
      throw new IllegalArgumentException(
          "--estimator %s does not go with --ensemble, only naive"
              .formatted(Choices.name(estimator)));
    }
    if (prior.equals(Optional.of(PriorKind.LEARNED))) {
      throw new IllegalArgumentException(
          "--prior learned does not go with --ensemble, whose members would share it");
    }
  }

  private void checkPrior(Optional<PriorKind> prior, boolean scaleGiven) {
    if (prior.isPresent() && prior.get() != PriorKind.GAUSSIAN) {
      throw new IllegalArgumentException(
          "--prior %s does not go with weights learned as points, which take a gaussian prior"
              .formatted(Choices.name(prior.get())));
    }
    if (scaleGiven && prior.isEmpty() && dropout.isEmpty()) {
      throw new IllegalArgumentException(
          "--prior-scale needs --prior gaussian here: weights learned as points have no other");
    }
  }

  /** The network with weights learned as points. */
  Network points(
      int inputs,
      List<Integer> hidden,
      Function activation,
      Likelihood likelihood,
      WeightOptions weights) {
    if (dropout.isPresent() && hidden.isEmpty()) {
      throw new IllegalArgumentException("--dropout needs a hidden layer");
    }
    Network network =
        dropout
            .map(p -> Mlp.dropout(inputs, hidden, activation, likelihood, p))
            .orElseGet(() -> Mlp.deterministic(inputs, hidden, activation, likelihood));
    boolean prior = weights.prior.isPresent() || dropout.isPresent();
    return prior ? network.withPointPrior(weights.priorScale) : network;
  }

  /** p(y | outputs) for data of a kind. */
  Likelihood likelihood(Schema schema) {
    boolean classes = schema.task() == Task.CLASSIFICATION;
    LikelihoodKind kind =
        likelihood.orElse(classes ? LikelihoodKind.CATEGORICAL : LikelihoodKind.GAUSSIAN);
    if (classes != (kind == LikelihoodKind.CATEGORICAL)) {
      throw new IllegalArgumentException(
          "--likelihood %s does not go with %s"
              .formatted(Choices.name(kind), Choices.name(schema.task())));
    }
    double scale = TrainDefaults.NOISE_SCALE;
    return switch (kind) {
      case CATEGORICAL -> new Likelihood.Categorical(schema.classes().size());
      case GAUSSIAN -> new Likelihood.GaussianLearned(1, scale);
      case HETEROSCEDASTIC -> new Likelihood.GaussianHeteroscedastic(1);
      case STUDENT_T -> new Likelihood.StudentT(1, TrainDefaults.DEGREES_OF_FREEDOM, scale);
      case POISSON -> new Likelihood.Poisson(1);
    };
  }
}
