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
import dev.elbo.model.Autoencoder;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Autoencoders of a moment: 9 yes/no columns that two hidden causes explain, 80 examples. */
final class SmallAutoencoders {
  private static final int INPUTS = 9;
  private static final int EXAMPLES = 80;
  private static final int BATCH = 20;

  private SmallAutoencoders() {}

  /**
   * A network and how it is trained.
   *
   * @param name what tests show
   */
  record Case(String name, Network network, Objective objective) {
    Trainer trainer(Device device, int epochs) {
      Training training = Training.of(epochs, BATCH, 0.01, 7).with(objective);
      Model model = new Model(network, LinearModels.identity(INPUTS));
      return new Trainer(device, model, training, examples(), Optional.empty());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** One of each kind of bound and network. */
  static Stream<Case> all() {
    Network one = network(List.of(3), Optional.empty());
    Network two = network(List.of(4, 2), Optional.empty());
    Network bayesian = network(List.of(4, 2), Optional.of(new GaussianPosterior(-3)));
    Sampling three = new Sampling(Estimator.NAIVE, 3, false);
    return Stream.of(
        new Case("ELBO", one, Objective.DEFAULT),
        new Case(
            "ELBO, free bits, warm-up, Bayesian decoder",
            bayesian,
            new Objective(three, 0.8, 1, LatentBound.ELBO, 0.1)),
        new Case("IWAE", one, new Objective(three, 1, 0, LatentBound.IWAE, 0)),
        new Case("DREG", two, new Objective(three, 1, 0, LatentBound.DREG, 0)));
  }

  private static Network network(List<Integer> latents, Optional<GaussianPosterior> weights) {
    return Autoencoder.of(
        INPUTS,
        List.of(13),
        latents,
        Function.TANH,
        new Likelihood.Bernoulli(INPUTS),
        weights,
        new Prior.Gaussian(1));
  }

  /** Columns follow one of two coins, and are flipped now and then. */
  static Examples examples() {
    SplittableRandom random = new SplittableRandom(5);
    float[] x = new float[EXAMPLES * INPUTS];
    for (int n = 0; n < EXAMPLES; n++) {
      boolean[] coins = {random.nextBoolean(), random.nextBoolean()};
      for (int i = 0; i < INPUTS; i++) {
        boolean flipped = random.nextInt(10) == 0;
        x[n * INPUTS + i] = coins[i % 2] ^ flipped ? 1 : 0;
      }
    }
    return new Examples(INPUTS, x, new float[0]);
  }
}
