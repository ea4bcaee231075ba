package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.layer.Dropout;
import dev.elbo.layer.Ensemble;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.layer.VariationalLinear;
import dev.elbo.metric.LogSpace;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnsembleTest {
  private static final int MEMBERS = SmallEnsembles.MEMBERS;
  private static final Optimizer ADAM = Optimizer.Adam.of(0.01);

  static Collection<Network> networks() {
    return SmallEnsembles.networks().values();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void membersAreEqualToSingleRunsOnTheCpu(Network network) {
    try (Device device = new CpuDevice(2)) {
      SmallEnsembles.requireMembersEqualToSingleRuns(device, network, ADAM);
      SmallEnsembles.requireMembersEqualToSingleRuns(device, network, new Optimizer.Sgd(1e-4, 0.9));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void membersAreEqualToSingleRunsOnTheReference(Network network) {
    try (Device device = new ReferenceDevice()) {
      SmallEnsembles.requireMembersEqualToSingleRuns(device, network, ADAM);
    }
  }

  @Test
  void thePredictiveIsTheMeanOfTheMembers() {
    Network network = SmallEnsembles.networks().get("classes");
    Examples examples = SmallRuns.examples();
    Training training = SmallEnsembles.training(2, 11, ADAM);
    try (Device device = new CpuDevice(2);
        Trainer together = SmallEnsembles.trainer(device, network.ensemble(MEMBERS), training)) {
      SmallEnsembles.finish(together);
      Predictor all =
          new Predictor(
              device,
              SmallEnsembles.model(network.ensemble(MEMBERS)),
              together.buffers(),
              MEMBERS,
              11);
      double[][] own = new double[MEMBERS][];
      for (int m = 0; m < MEMBERS; m++) {
        Training alone = SmallEnsembles.training(2, 11 + m, ADAM);
        try (Trainer trainer = SmallEnsembles.trainer(device, network, alone)) {
          SmallEnsembles.finish(trainer);
          Predictor one =
              new Predictor(device, SmallEnsembles.model(network), trainer.buffers(), 1, 11);
          own[m] = ((Predictions.Classes) one.predict(examples)).logProbabilities().values();
        }
      }
      Predictions.Classes predicted = (Predictions.Classes) all.predict(examples);
      double[] values = predicted.logProbabilities().values();
      for (int i = 0; i < values.length; i++) {
        double[] members = {own[0][i], own[1][i], own[2][i]};
        double mean = LogSpace.logSumExp(members) - Math.log(MEMBERS);
        assertThat(values[i]).isCloseTo(mean, within(1e-12));
      }
      assertThat(predicted.densities()).isPresent();
    }
  }

  /** Members differ in the noise that they learn, and the predictive knows both. */
  @Test
  void everyMemberHasItsOwnNoiseScale() {
    Network network = SmallEnsembles.networks().get("numbers").ensemble(MEMBERS);
    try (Device device = new CpuDevice(1);
        Trainer trainer =
            SmallEnsembles.trainer(device, network, SmallEnsembles.training(2, 11, ADAM))) {
      SmallEnsembles.finish(trainer);
      float[] logScale = SmallEnsembles.values(trainer.buffers().get("likelihood.log_scale"));
      assertThat(logScale).hasSize(MEMBERS).doesNotHaveDuplicates();
      double variance = 0;
      for (float scale : logScale) {
        variance += Math.exp(2 * scale) / MEMBERS;
      }
      Predictor predictor =
          new Predictor(device, SmallEnsembles.model(network), trainer.buffers(), MEMBERS, 1);
      Predictions.Numbers numbers = (Predictions.Numbers) predictor.predict(SmallRuns.examples());
      assertThat(numbers.noiseVariance()[7]).isCloseTo(variance, within(1e-9));
      assertThat(numbers.modelVariance()[7]).isPositive();
    }
  }

  @Test
  void earlyStoppingIsByTheEnsemble() {
    Network network = SmallEnsembles.networks().get("classes").ensemble(MEMBERS);
    Training plain = SmallEnsembles.training(3, 11, ADAM);
    Training stopping =
        new Training(
            plain.epochs(),
            plain.batch(),
            plain.seed(),
            plain.objective(),
            plain.optimizer(),
            plain.schedule(),
            Optional.empty(),
            Optional.of(new EarlyStopping(EarlyStopping.Score.NLL, 2)));
    Examples examples = SmallRuns.examples();
    Model model = SmallEnsembles.model(network);
    try (Device device = new CpuDevice(1);
        Trainer trainer = new Trainer(device, model, stopping, examples, Optional.of(examples))) {
      double score = trainer.epochOfSteps().validation().orElseThrow();
      Predictor predictor = new Predictor(device, model, trainer.buffers(), MEMBERS, 11);
      assertThat(score).isEqualTo(predictor.evaluate(examples).nll());
    }
  }

  @Test
  void aMemberThatIsNotFiniteIsNamedAndNothingIsWritten() {
    Network network = SmallEnsembles.networks().get("classes").ensemble(MEMBERS);
    try (Device device = new CpuDevice(1);
        Trainer trainer =
            SmallEnsembles.trainer(device, network, SmallEnsembles.training(2, 11, ADAM))) {
      trainer.oneStep();
      float[] bias = SmallEnsembles.values(trainer.buffers().get("4.bias"));
      bias[MEMBERS * 3 - 1] = Float.NaN;
      trainer.buffers().get("4.bias").write(bias);
      float[] before = SmallEnsembles.values(trainer.buffers().get("0.weight"));
      assertThatThrownBy(trainer::oneStep).hasMessage("step 2: 4.bias is NaN at element 8");
      assertThat(SmallEnsembles.values(trainer.buffers().get("0.weight"))).isEqualTo(before);
    }
  }

  @Test
  void whatIsNoEnsembleIsRefused() {
    Network network = SmallEnsembles.networks().get("classes");
    assertThatThrownBy(() -> network.ensemble(1))
        .hasMessage("an ensemble needs at least 2 members, got 1");
    for (Layer layer :
        List.of(
            new VariationalLinear(3, GaussianPosterior.DEFAULT),
            new Dropout(0.5),
            new Ensemble(2, new Linear(3)))) {
      assertThatThrownBy(() -> new Ensemble(2, new Layer.Sequential(List.of(layer))))
          .hasMessage(
              "the members of an ensemble are made of linear layers learned as points, not of "
                  + layer.getClass().getSimpleName());
    }
    Model model = SmallEnsembles.model(network.ensemble(MEMBERS));
    Training plain = SmallEnsembles.training(2, 11, ADAM);
    Training twoSamples = plain.with(Objective.of(new Sampling(Estimator.NAIVE, 2, false), 1, 0));
    Training clipped =
        new Training(
            2,
            20,
            1,
            plain.objective(),
            ADAM,
            plain.schedule(),
            Optional.of(1.0),
            Optional.empty());
    Examples examples = SmallRuns.examples();
    Network part =
        new Network(
            SmallRuns.FEATURES,
            new Layer.Sequential(List.of(new Linear(4), new Ensemble(2, new Linear(3)))),
            network.likelihood(),
            network.prior(),
            network.observations());
    try (Device device = new ReferenceDevice()) {
      assertThatThrownBy(() -> new Predictor(device, model, java.util.Map.of(), 5, 1))
          .hasMessage("an ensemble of 3 predicts by 3 samples, got 5");
      assertThatThrownBy(() -> new Trainer(device, model, clipped, examples, Optional.empty()))
          .hasMessage("an ensemble has no gradient norm limit: its members would share it");
      assertThatThrownBy(() -> new Trainer(device, model, twoSamples, examples, Optional.empty()))
          .hasMessage("the members of an ensemble have one sample each, not 2");
      assertThatThrownBy(
              () ->
                  new Trainer(
                      device, SmallEnsembles.model(part), plain, examples, Optional.empty()))
          .hasMessage("an ensemble is the whole body of a network, not its part '1.'");
    }
  }
}
