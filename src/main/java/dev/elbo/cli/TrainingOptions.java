package dev.elbo.cli;

import dev.elbo.inference.EarlyStopping;
import dev.elbo.inference.Optimizer;
import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Training;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code elbo train} about how a model is trained. */
final class TrainingOptions {
  /** How steps are made of gradients. */
  enum OptimizerKind {
    ADAM,
    SGD,
    IVON;

    Optimizer of(double rate, double hessianInit) {
      return switch (this) {
        case ADAM -> Optimizer.Adam.of(rate);
        case SGD -> new Optimizer.Sgd(rate, TrainDefaults.MOMENTUM);
        case IVON -> Optimizer.Ivon.of(rate, hessianInit);
      };
    }
  }

  /** How the learning rate changes. */
  enum ScheduleKind {
    CONSTANT,
    COSINE
  }

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Times every example is seen. Default: " + TrainDefaults.EPOCHS_RULE)
  Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples of a step, windows of a text. Default: " + TrainDefaults.BATCH_RULE)
  Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = TrainDefaults.SAMPLES,
      description =
          "Samples of the weights, and of the latent variables of a vae, a step. "
              + "Default: ${DEFAULT-VALUE}")
  int samples;

  @Option(names = "--antithetic", description = "Draw samples in pairs mu + and - sigma eps")
  boolean antithetic;

  @Option(
      names = "--estimator",
      paramLabel = "naive|local|flipout",
      defaultValue = TrainDefaults.ESTIMATOR,
      description = "How gradients are estimated. Default: ${DEFAULT-VALUE}")
  Estimator estimator = Estimator.NAIVE;

  @Option(
      names = "--optimizer",
      paramLabel = "adam|sgd|ivon",
      defaultValue = TrainDefaults.OPTIMIZER,
      description = "How steps are made of gradients. Default: ${DEFAULT-VALUE}")
  OptimizerKind optimizer = OptimizerKind.ADAM;

  @Option(
      names = "--lr",
      paramLabel = "R",
      description = "Learning rate. Default: " + TrainDefaults.RATE_RULE)
  Optional<Double> lr = Optional.empty();

  @Option(
      names = "--schedule",
      paramLabel = "constant|cosine",
      defaultValue = TrainDefaults.SCHEDULE,
      description =
          "Of the learning rate; cosine falls to 0, in a transformer after a rise over a twentieth "
              + "of the steps. Default: ${DEFAULT-VALUE}")
  ScheduleKind schedule = ScheduleKind.COSINE;

  @Option(
      names = "--hessian-init",
      paramLabel = "H",
      defaultValue = TrainDefaults.HESSIAN_INIT,
      description =
          "Where the Hessian of ivon starts, and with it sigma = 1/sqrt(N H). "
              + "Default: ${DEFAULT-VALUE}")
  double hessianInit;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      description = "Largest norm of all gradients together. Default: no limit")
  Optional<Double> clipNorm = Optional.empty();

  @Option(
      names = "--kl-weight",
      paramLabel = "B",
      defaultValue = TrainDefaults.KL_WEIGHT,
      description = "Weight of KL(q || p) in the bound. Default: ${DEFAULT-VALUE}")
  double klWeight;

  @Option(
      names = "--kl-warmup",
      paramLabel = "EPOCHS",
      defaultValue = TrainDefaults.KL_WARMUP,
      description = "Epochs over which that weight rises from 0. Default: ${DEFAULT-VALUE}")
  double klWarmup;

  @Option(
      names = "--early-stopping",
      paramLabel = "nll|elbo",
      description = "Keep the epoch that is best on the validation examples by this score")
  Optional<EarlyStopping.Score> earlyStopping = Optional.empty();

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      defaultValue = TrainDefaults.PATIENCE,
      description = "Epochs without a better score before stopping. Default: ${DEFAULT-VALUE}")
  int patience;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = TrainDefaults.SEED,
      description = "Of start, order, noise and validation rows. Default: ${DEFAULT-VALUE}")
  long seed;

  /** Refuses what cannot be, before data is read. */
  void check(double validationFraction) {
    epochs.ifPresent(value -> Check.atLeast("--epochs", 1, value));
    batch.ifPresent(value -> Check.atLeast("--batch", 1, value));
    Check.atLeast("--samples", 1, samples);
    Check.atLeast("--patience", 1, patience);
    lr.ifPresent(value -> Check.positive("--lr", value));
    clipNorm.ifPresent(value -> Check.positive("--clip-norm", value));
    Check.positive("--hessian-init", hessianInit);
    Check.notNegative("--kl-weight", klWeight);
    Check.notNegative("--kl-warmup", klWarmup);
    Check.fraction("--validation-fraction", validationFraction);
    if (antithetic && samples % 2 != 0) {
      throw new IllegalArgumentException(
          "--antithetic needs an even number of --samples, got " + samples);
    }
  }

  /**
   * Refuses what does not go with the weights of the model, or with data of no validation.
   *
   * @param points the option by which weights are points, if they are
   */
  void check(Optional<String> points, boolean hasValidation) {
    if (earlyStopping.isPresent() && !hasValidation) {
      throw new IllegalArgumentException("--early-stopping needs a --validation-fraction above 0");
    }
    if (ivon() && points.isPresent()) {
      throw new IllegalArgumentException(
          "--optimizer ivon learns a posterior: it does not go with " + points.get());
    }
  }

  /** Whether IVON makes the steps. */
  boolean ivon() {
    return optimizer == OptimizerKind.IVON;
  }

  /** How the run goes. */
  Training training(TrainDefaults defaults, VaeOptions vae) {
    Sampling sampling = new Sampling(estimator, samples, antithetic);
    return new Training(
        epochs.orElse(defaults.epochs()),
        batch.orElse(defaults.batch()),
        seed,
        vae.objective(sampling, klWeight, klWarmup),
        optimizer.of(lr.orElse(defaults.rate(optimizer)), hessianInit),
        schedule(defaults.warmup()),
        clipNorm,
        earlyStopping.map(score -> new EarlyStopping(score, patience)));
  }

  private RateSchedule schedule(double warmup) {
    return switch (schedule) {
      case CONSTANT -> new RateSchedule.Constant();
      case COSINE -> new RateSchedule.Cosine(warmup);
    };
  }
}
