package dev.elbo.cli;

import dev.elbo.data.Schema;
import dev.elbo.data.Task;
import dev.elbo.distribution.Likelihood;
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
