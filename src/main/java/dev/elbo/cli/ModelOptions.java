package dev.elbo.cli;

import dev.elbo.data.Schema;
import dev.elbo.data.Task;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code elbo train} about the model. */
final class ModelOptions {
  /** After each hidden layer. */
  enum Activation {
    RELU(Function.RELU),
    GELU(Function.GELU),
    TANH(Function.TANH);

    private final Function function;

    Activation(Function function) {
      this.function = function;
    }
  }

  /** What is learned of a weight. */
  enum PosteriorKind {
    GAUSSIAN,
    NONE
  }

  /** What is known of a weight before. */
  enum PriorKind {
    GAUSSIAN,
    SCALE_MIXTURE,
    LAPLACE,
    LEARNED
  }

  /** What the outputs mean. */
  enum LikelihoodKind {
    CATEGORICAL,
    GAUSSIAN,
    HETEROSCEDASTIC,
    STUDENT_T,
    POISSON
  }

  @Option(
      names = "--hidden",
      paramLabel = "N,N,...|none",
      converter = Widths.Converter.class,
      description = "Units of the hidden layers. Default: " + TrainDefaults.HIDDEN_RULE)
  Optional<Widths> hidden = Optional.empty();

  @Option(
      names = "--activation",
      paramLabel = "relu|gelu|tanh",
      defaultValue = TrainDefaults.ACTIVATION,
      description = "After each hidden layer. Default: ${DEFAULT-VALUE}")
  Activation activation = Activation.RELU;

  @Option(
      names = "--likelihood",
      paramLabel = "gaussian|heteroscedastic|student-t|poisson|categorical",
      description =
          "What the outputs mean; gaussian learns one noise scale. Default: categorical for "
              + "classification, gaussian for regression")
  Optional<LikelihoodKind> likelihood = Optional.empty();

  @Option(
      names = "--posterior",
      paramLabel = "gaussian|none",
      defaultValue = TrainDefaults.POSTERIOR,
      description = "Of the weights; none learns them as points. Default: ${DEFAULT-VALUE}")
  PosteriorKind posterior = PosteriorKind.GAUSSIAN;

  @Option(
      names = "--init-sigma",
      paramLabel = "S",
      defaultValue = TrainDefaults.INIT_SIGMA,
      description = "Where the posterior's scales start. Default: ${DEFAULT-VALUE}")
  double initSigma;

  @Option(
      names = "--prior",
      paramLabel = "gaussian|scale-mixture|laplace|learned",
      description = "Of the weights. Default: " + TrainDefaults.PRIOR_RULE)
  Optional<PriorKind> prior = Optional.empty();

  @Option(
      names = "--prior-scale",
      paramLabel = "S",
      defaultValue = TrainDefaults.PRIOR_SCALE,
      description = "Of the prior; learned starts there. Default: ${DEFAULT-VALUE}")
  double priorScale;

  /** Refuses numbers that make no model, before data is read. */
  void check() {
    Check.positive("--prior-scale", priorScale);
    Check.positive("--init-sigma", initSigma);
    try {
      posterior();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--init-sigma " + initSigma + ": " + e.getMessage(), e);
    }
  }

  /** Whether weights have a distribution. */
  boolean bayesian() {
    return posterior == PosteriorKind.GAUSSIAN;
  }

  /** The network for data of a kind; IVON needs a Gaussian prior. */
  Network network(Schema schema, TrainDefaults defaults, boolean ivon) {
    int inputs = schema.features().size();
    List<Integer> units = hidden.map(Widths::units).orElse(defaults.hidden());
    Likelihood means = likelihood(schema);
    return bayesian()
        ? Mlp.variational(inputs, units, activation.function, means, prior(ivon), posterior())
        : Mlp.deterministic(inputs, units, activation.function, means);
  }

  private GaussianPosterior posterior() {
    return new GaussianPosterior(Math.log(initSigma));
  }

  private Prior prior(boolean ivon) {
    return switch (prior.orElse(ivon ? PriorKind.GAUSSIAN : PriorKind.SCALE_MIXTURE)) {
      case GAUSSIAN -> new Prior.Gaussian(priorScale);
      case SCALE_MIXTURE ->
          new Prior.ScaleMixture(
              TrainDefaults.MIXTURE, priorScale, priorScale * TrainDefaults.MIXTURE_RATIO);
      case LAPLACE -> new Prior.Laplace(priorScale);
      case LEARNED -> new Prior.LearnedGaussian(priorScale);
    };
  }

  private Likelihood likelihood(Schema schema) {
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
