package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Training runs of a moment: 9 inputs, 17 hidden units, 3 classes, 80 examples in batches of 20.
 */
final class SmallRuns {
  static final int FEATURES = 9;
  static final int CLASSES = 3;
  private static final int EXAMPLES = 80;
  private static final int BATCH = 20;

  private SmallRuns() {}

  /** Classes around centres of their own. */
  static Examples examples() {
    SplittableRandom random = new SplittableRandom(5);
    float[] x = new float[EXAMPLES * FEATURES];
    float[] y = new float[EXAMPLES];
    for (int n = 0; n < EXAMPLES; n++) {
      int label = n % CLASSES;
      y[n] = label;
      for (int i = 0; i < FEATURES; i++) {
        x[n * FEATURES + i] = (float) (random.nextGaussian() + (i % CLASSES == label ? 1 : 0));
      }
    }
    return new Examples(FEATURES, x, y);
  }

  static Model model() {
    Network network =
        Mlp.variational(
            FEATURES,
            List.of(17),
            Function.RELU,
            new Likelihood.Categorical(CLASSES),
            new Prior.Gaussian(1),
            new GaussianPosterior(-3));
    return new Model(network, LinearModels.identity(FEATURES));
  }

  /** A run of as many steps as are asked for, at least. */
  static Training training(int steps, Estimator estimator, int samples, Optimizer optimizer) {
    Objective objective = Objective.of(new Sampling(estimator, samples, false), 1, 0);
    return new Training(
        Math.ceilDiv(steps * BATCH, EXAMPLES),
        BATCH,
        11,
        objective,
        optimizer,
        new RateSchedule.Cosine(0),
        Optional.empty(),
        Optional.empty());
  }

  static Trainer trainer(Device device, Training training) {
    return new Trainer(device, model(), training, examples(), Optional.empty());
  }

  /** The numbers of the first rows, as the input of a step. */
  static float[] rows(int count) {
    float[] rows = new float[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    return rows;
  }

  /** The loss of each step. */
  static double[] losses(Trainer trainer, int steps) {
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      losses[step] = trainer.oneStep();
    }
    return losses;
  }
}
