package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;
import dev.elbo.model.Mlp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Small networks that can be members of an ensemble, and the comparison with runs of their own. */
final class SmallEnsembles {
  static final int MEMBERS = 3;
  private static final long SEED = 11;

  private SmallEnsembles() {}

  /** Classes; numbers with a learned noise scale, points with a prior; and all kinds of layers. */
  static Map<String, Network> networks() {
    Likelihood classes = new Likelihood.Categorical(SmallRuns.CLASSES);
    Likelihood numbers = new Likelihood.GaussianLearned(1, 0.5);
    List<Integer> hidden = List.of(17, 5);
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put("classes", Mlp.deterministic(SmallRuns.FEATURES, hidden, Function.RELU, classes));
    networks.put(
        "numbers",
        Mlp.deterministic(SmallRuns.FEATURES, hidden, Function.TANH, numbers).withPointPrior(0.3));
    networks.put(
        "layers",
        new Network(
            SmallRuns.FEATURES,
            new Layer.Sequential(
                List.of(
                    new Layer.Residual(new Linear(SmallRuns.FEATURES)),
                    new Layer.Concatenate(List.of(new Layer.Identity(), new Linear(7))),
                    new Layer.Activation(Function.GELU),
                    new Linear(2))),
            new Likelihood.GaussianHeteroscedastic(1),
            new Prior.Gaussian(1),
            new Observations.Labelled()));
    return networks;
  }

  /** Mean-field Gaussians, of all layers or the last. */
  static Map<String, Network> drawn() {
    Likelihood classes = new Likelihood.Categorical(SmallRuns.CLASSES);
    Likelihood numbers = new Likelihood.GaussianLearned(1, 0.5);
    GaussianPosterior start = GaussianPosterior.DEFAULT;
    List<Integer> hidden = List.of(17, 5);
    int inputs = SmallRuns.FEATURES;
    Prior mixture = new Prior.ScaleMixture(0.5, 1, 0.1);
    Prior gaussian = new Prior.Gaussian(0.7);
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put(
        "classes", Mlp.variational(inputs, hidden, Function.RELU, classes, mixture, start));
    networks.put(
        "numbers", Mlp.variational(inputs, hidden, Function.TANH, numbers, gaussian, start));
    networks.put(
        "last layer", Mlp.lastLayer(inputs, hidden, Function.RELU, classes, gaussian, start));
    return networks;
  }

  static Model model(Network network) {
    return new Model(network, LinearModels.identity(SmallRuns.FEATURES));
  }

  /** Batches of 20 of 80 examples. */
  static Training training(int epochs, long seed, Optimizer optimizer) {
    return new Training(
        epochs,
        20,
        seed,
        Objective.DEFAULT,
        optimizer,
        new RateSchedule.Cosine(0),
        Optional.empty(),
        Optional.empty());
  }

  static Trainer trainer(Device device, Network network, Training training) {
    Examples examples = SmallRuns.examples();
    return new Trainer(device, model(network), training, examples, Optional.empty());
  }

  /** Trains two ensembles from one seed, and compares the members that both have. */
  static void requireMembersOfSmallerEnsemble(Device device, Network network, Optimizer optimizer) {
    Training training = training(3, SEED, optimizer);
    try (Trainer all = trainer(device, network.ensemble(MEMBERS), training);
        Trainer fewer = trainer(device, network.ensemble(MEMBERS - 1), training)) {
      finish(all);
      finish(fewer);
      fewer
          .buffers()
          .forEach(
              (name, buffer) -> {
                float[] own = values(buffer);
                float[] same = values(Objects.requireNonNull(all.buffers().get(name)));
                assertThat(same).as(name).hasSize(own.length / (MEMBERS - 1) * MEMBERS);
                assertThat(Arrays.copyOf(same, own.length)).as(name).isEqualTo(own);
                int each = own.length / (MEMBERS - 1);
                if (name.endsWith("weight.mu")) {
                  float[] first = Arrays.copyOf(own, each);
                  assertThat(Arrays.copyOfRange(own, each, 2 * each)).as(name).isNotEqualTo(first);
                }
              });
    }
  }

  /**
   * Trains an ensemble and a single run of its seed: its first member draws what the run draws, but
   * stores it, so that it rounds elsewhere.
   */
  static void requireFirstMemberLikeSingleRun(
      Device device, Network network, Optimizer optimizer, double tolerance) {
    Training training = training(3, SEED, optimizer);
    try (Trainer all = trainer(device, network.ensemble(MEMBERS), training);
        Trainer alone = trainer(device, network, training)) {
      finish(all);
      finish(alone);
      alone
          .buffers()
          .forEach(
              (name, buffer) -> {
                float[] own = values(buffer);
                float[] member =
                    Arrays.copyOf(
                        values(Objects.requireNonNull(all.buffers().get(name))), own.length);
                for (int i = 0; i < own.length; i++) {
                  assertThat(member[i])
                      .as("%s at %d", name, i)
                      .isCloseTo(own[i], offset((float) tolerance));
                }
              });
    }
  }

  /** Trains an ensemble and each of its members alone, and compares all that they remember. */
  static void requireMembersEqualToSingleRuns(Device device, Network network, Optimizer optimizer) {
    Training training = training(3, SEED, optimizer);
    try (Trainer together = trainer(device, network.ensemble(MEMBERS), training)) {
      double nll = 0;
      double kl = 0;
      EpochReport report = finish(together);
      for (int m = 0; m < MEMBERS; m++) {
        try (Trainer alone = trainer(device, network, training(3, SEED + m, optimizer))) {
          EpochReport own = finish(alone);
          nll += own.nll() / MEMBERS;
          kl += own.kl() / MEMBERS;
          requireMember(m, together.buffers(), alone.buffers());
        }
      }
      // Sums in float32 of numbers that are equal to the bit.
      assertThat(report.nll())
          .isCloseTo(nll, org.assertj.core.data.Percentage.withPercentage(1e-3));
      assertThat(report.kl()).isCloseTo(kl, org.assertj.core.data.Offset.offset(1e-5 * kl + 1e-9));
    }
  }

  static EpochReport finish(Trainer trainer) {
    EpochReport last = trainer.epochOfSteps();
    while (!trainer.finished()) {
      last = trainer.epochOfSteps();
    }
    return last;
  }

  private static void requireMember(
      int member, Map<String, Buffer> together, Map<String, Buffer> alone) {
    assertThat(together.keySet()).isEqualTo(alone.keySet());
    alone.forEach(
        (name, buffer) -> {
          float[] own = values(buffer);
          float[] all = values(together.get(name));
          assertThat(all).as(name).hasSize(MEMBERS * own.length);
          for (int i = 0; i < own.length; i++) {
            assertThat(all[member * own.length + i])
                .as("%s of member %d at %d", name, member, i)
                .isEqualTo(own[i]);
          }
        });
  }

  static float[] values(Buffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    return values;
  }
}
