package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.Covariance;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.CorrelatedLinear;
import dev.elbo.layer.Dropout;
import dev.elbo.layer.Ensemble;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.metric.LogSpace;
import dev.elbo.model.Mlp;
import java.util.Arrays;
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

  static Collection<Network> drawn() {
    return SmallEnsembles.drawn().values();
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void drawnMembersDoNotKnowOfEachOther(Network network) {
    for (Device device : List.of(new ReferenceDevice(), new CpuDevice(1), new CpuDevice(2))) {
      try (device) {
        SmallEnsembles.requireMembersOfSmallerEnsemble(device, network, ADAM);
      }
    }
  }

  @Test
  void membersOfIvonDoNotKnowOfEachOther() {
    Network network = SmallEnsembles.drawn().get("numbers");
    try (Device device = new ReferenceDevice()) {
      SmallEnsembles.requireMembersOfSmallerEnsemble(device, network, Optimizer.Ivon.of(0.1, 0.5));
    }
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void theFirstDrawnMemberIsTheSingleRun(Network network) {
    try (Device device = new ReferenceDevice()) {
      SmallEnsembles.requireFirstMemberLikeSingleRun(device, network, ADAM, 1e-6);
    }
    try (Device device = new CpuDevice(2)) {
      SmallEnsembles.requireFirstMemberLikeSingleRun(device, network, ADAM, 1e-4);
    }
  }

  /** Where nothing is spread, drawn members predict as those of points do. */
  @Test
  void drawnMembersWithoutSpreadAreThoseOfPoints() {
    Network points = SmallEnsembles.networks().get("classes").ensemble(MEMBERS);
    Network drawn = SmallEnsembles.drawn().get("classes").ensemble(MEMBERS);
    Training training = SmallEnsembles.training(2, 11, ADAM);
    try (Device device = new CpuDevice(2);
        Trainer ofPoints = SmallEnsembles.trainer(device, points, training);
        Trainer ofDrawn = SmallEnsembles.trainer(device, drawn, training)) {
      SmallEnsembles.finish(ofPoints);
      for (String name :
          List.of("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias")) {
        float[] values = SmallEnsembles.values(ofPoints.buffers().get(name));
        ofDrawn.buffers().get(name + ".mu").write(values);
        Arrays.fill(values, -1000);
        ofDrawn.buffers().get(name + ".log_sigma").write(values);
      }
      double[] exact = logProbabilities(device, points, ofPoints, MEMBERS);
      double[] sampled = logProbabilities(device, drawn, ofDrawn, 2 * MEMBERS);
      assertThat(sampled).containsExactly(exact, within(1e-6));
    }
  }

  private static double[] logProbabilities(
      Device device, Network network, Trainer trainer, int samples) {
    Predictor predictor =
        new Predictor(device, SmallEnsembles.model(network), trainer.buffers(), samples, 11);
    Predictions.Classes classes = (Predictions.Classes) predictor.predict(SmallRuns.examples());
    return classes.logProbabilities().values();
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
            new Dropout(0.5),
            new CorrelatedLinear(3, new Covariance.Full(), GaussianPosterior.DEFAULT),
            new Ensemble(2, new Linear(3)))) {
      assertThatThrownBy(() -> new Ensemble(2, new Layer.Sequential(List.of(layer))))
          .hasMessage(
              "the members of an ensemble are made of linear layers, not of "
                  + layer.getClass().getSimpleName());
    }
    Network learned =
        Mlp.variational(
            SmallRuns.FEATURES,
            List.of(4),
            Function.RELU,
            network.likelihood(),
            new Prior.LearnedGaussian(1),
            GaussianPosterior.DEFAULT);
    Model model = SmallEnsembles.model(network.ensemble(MEMBERS));
    Training plain = SmallEnsembles.training(2, 11, ADAM);
    Training local = plain.with(Objective.of(new Sampling(Estimator.LOCAL, 1, false), 1, 0));
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
      Model ofLearned = SmallEnsembles.model(learned.ensemble(2));
      assertThatThrownBy(() -> new Trainer(device, ofLearned, plain, examples, Optional.empty()))
          .hasMessage("an ensemble has no learned prior scale: its members would share it");
      Model ofDrawn = SmallEnsembles.model(SmallEnsembles.drawn().get("classes").ensemble(2));
      assertThatThrownBy(() -> new Trainer(device, ofDrawn, local, examples, Optional.empty()))
          .hasMessage("the members of an ensemble are drawn by the naive estimator, not by LOCAL");
      assertThatThrownBy(() -> new Predictor(device, ofDrawn, java.util.Map.of(), 5, 1))
          .hasMessage("an ensemble of 2 predicts by a multiple of 2 samples, got 5");
      assertThatThrownBy(
              () ->
                  new Trainer(
                      device, SmallEnsembles.model(part), plain, examples, Optional.empty()))
          .hasMessage("an ensemble is the whole body of a network, not its part '1.'");
    }
  }
}
