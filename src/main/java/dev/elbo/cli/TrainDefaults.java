package dev.elbo.cli;

import dev.elbo.data.Schema;
import java.util.List;

/**
 * What {@code elbo train} does where the user says nothing; help texts show these very values.
 *
 * <p>The sizes depend on the data: see {@link #of}.
 *
 * @param hidden the units of the hidden layers
 * @param latent the dimensions of the stochastic layers of an autoencoder
 * @param epochs how often every example is seen
 * @param batch the examples of a step
 * @param adamRate the learning rate of Adam
 * @param warmup the part of the steps over which a learning rate rises before it falls
 */
record TrainDefaults(
    List<Integer> hidden,
    List<Integer> latent,
    int epochs,
    int batch,
    double adamRate,
    double warmup) {
  static final String HIDDEN_RULE =
      "400,400 for pictures (100 for below 20000 of them; 200,200 in a vae), 50 for tables";
  static final String LATENT_RULE = "50 for pictures, 2 for tables";
  static final String EPOCHS_RULE =
      "20 for 20000 examples and more, else as many as make 6000 steps, up to 500; for a text as "
          + "many as make 4000";
  static final String BATCH_RULE = "128 for 20000 examples and more, else 64; 16 windows of a text";
  static final String RATE_RULE =
      "with adam 0.001 for 20000 examples and more and for a vae, 0.004 for a text, else 0.005; 0.1"
          + " with sgd, ivon";
  static final String PRIOR_RULE =
      "scale-mixture; learned in a transformer; gaussian with ivon, --covariance and --dropout; "
          + "none for other points";

  static final String PRIOR_SCALE = "1.0";
  static final String INIT_SIGMA = "0.006738";
  static final String SAMPLES = "1";
  static final String ESTIMATOR = "naive";
  static final String OPTIMIZER = "adam";
  static final String SCHEDULE = "cosine";
  static final String HESSIAN_INIT = "0.5";
  static final String CONTEXT = "64";
  static final String LAYERS = "4";
  static final String WIDTH = "128";
  static final String HEADS = "4";
  static final String COVARIANCE = "diagonal";
  static final String RANK = "5";
  static final String BOUND = "elbo";
  static final String FREE_BITS = "0.0";
  static final String KL_WEIGHT = "1.0";
  static final String KL_WARMUP = "0.0";
  static final String PATIENCE = "10";
  static final String VALIDATION_FRACTION = "0.0";
  static final String SEED = "1";
  static final String PREDICT_SAMPLES_RULE = "50; 16 for a text";
  static final String CHECKPOINT_EVERY = "1";
  static final String DEVICE = "auto";
  static final String PRECISION = "f32";

  /** The scale at which learned noise starts, in units of the standardised target. */
  static final double NOISE_SCALE = 0.5;

  /** The degrees of freedom of a Student-t likelihood: tails heavy, the variance finite. */
  static final double DEGREES_OF_FREEDOM = 4;

  /** The momentum of gradient descent. */
  static final double MOMENTUM = 0.9;

  /**
   * The second scale of a scale-mixture prior over the first (Blundell et al. 2015, section 5.1).
   */
  static final double MIXTURE_RATIO = Math.exp(-6);

  /** The weight of the first scale of a scale-mixture prior. */
  static final double MIXTURE = 0.5;

  private static final int BOUND_SAMPLES = 10;
  private static final int BOUND_PREDICTIONS = 60_000;

  private static final int PREDICT_SAMPLES = 50;
  private static final int TEXT_PREDICT_SAMPLES = 16;
  private static final int TEXT_STEPS = 4000;
  private static final int TEXT_BATCH = 16;
  private static final double TEXT_RATE = 0.004;
  private static final double TEXT_WARMUP = 0.05;
  private static final int MANY_EXAMPLES = 20_000;
  private static final int SMALL_DATA_STEPS = 6000;
  private static final int MOST_EPOCHS = 500;

  /**
   * The sizes for data of a kind and number.
   *
   * @param examples how many there are; of a text the windows
   */
  static TrainDefaults of(ModelKind kind, Schema schema, int examples) {
    if (kind == ModelKind.TRANSFORMER) {
      long epochs = Math.round((double) TEXT_STEPS * TEXT_BATCH / examples);
      int some = Math.clamp(epochs, 1, MOST_EPOCHS);
      return new TrainDefaults(List.of(), List.of(), some, TEXT_BATCH, TEXT_RATE, TEXT_WARMUP);
    }
    boolean many = examples >= MANY_EXAMPLES;
    List<Integer> latent = schema.hasImages() ? List.of(50) : List.of(2);
    int batch = many ? 128 : 64;
    int epochs =
        many ? 20 : Math.min(MOST_EPOCHS, Math.ceilDiv(SMALL_DATA_STEPS * batch, examples));
    return new TrainDefaults(
        hidden(kind, schema, many), latent, epochs, batch, rate(kind, many), 0);
  }

  /** The KL of latent variables that collapsed to the prior in fast first steps stays small. */
  private static double rate(ModelKind kind, boolean many) {
    return many || kind == ModelKind.VAE ? 0.001 : 0.005;
  }

  private static List<Integer> hidden(ModelKind kind, Schema schema, boolean many) {
    if (!schema.hasImages()) {
      return List.of(50);
    }
    if (kind == ModelKind.VAE) {
      return List.of(200, 200);
    }
    return many ? List.of(400, 400) : List.of(100);
  }

  /** The samples of an evaluation. */
  static int predictSamples(ModelKind kind) {
    return kind == ModelKind.TRANSFORMER ? TEXT_PREDICT_SAMPLES : PREDICT_SAMPLES;
  }

  /**
   * The most samples that the bound on the training examples is estimated from; fewer where there
   * are many examples, over whose sum the noise of a sample averages out too: with 60000 pictures
   * the bound of one strays by 0.0013 nats an example (measured).
   *
   * @param examples how many there are; of a text the characters
   */
  static int boundSamples(int examples) {
    return Math.clamp(Math.ceilDiv(BOUND_PREDICTIONS, examples), 1, BOUND_SAMPLES);
  }

  /** The learning rate that goes with an optimizer. */
  double rate(TrainingOptions.OptimizerKind optimizer) {
    return optimizer == TrainingOptions.OptimizerKind.ADAM ? adamRate : 0.1;
  }
}
