package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Function;
import dev.elbo.layer.Dropout;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Network;
import dev.elbo.layer.PointPrior;
import dev.elbo.metric.Classification;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dropout, last layers, ensembles and priors of points: the same bits, and what is minimised. */
class PointTrainingTest {
  private static final int EPOCHS = 3;

  static Stream<PointRuns.Case> cases() {
    return PointRuns.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalSeedsGiveEqualBitsWhateverTheThreads(PointRuns.Case run) {
    try (Device one = new CpuDevice(1);
        Device two = new CpuDevice(2);
        Trainer first = run.trainer(one, EPOCHS);
        Trainer second = run.trainer(two, EPOCHS)) {
      while (!first.finished()) {
        assertThat(second.epochOfSteps()).isEqualTo(first.epochOfSteps());
      }
      assertSame(first.state(), second.state());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aResumedRunEndsInTheSameBits(PointRuns.Case run) {
    try (Device device = new CpuDevice(2);
        Trainer whole = run.trainer(device, EPOCHS);
        Trainer begun = run.trainer(device, EPOCHS);
        Trainer resumed = run.trainer(device, EPOCHS)) {
      begun.epochOfSteps();
      resumed.restore(begun.state());
      SmallEnsembles.finish(whole);
      SmallEnsembles.finish(resumed);
      assertSame(whole.state(), resumed.state());
    }
  }

  private static void assertSame(State expected, State actual) {
    assertThat(actual.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    expected
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(actual.tensors().get(name).values())
                    .as(name)
                    .isEqualTo(tensor.values()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theCpuTrainsAsTheReferenceDoes(PointRuns.Case run) {
    try (Device cpu = new CpuDevice(1);
        Device reference = new ReferenceDevice();
        Trainer actual = run.trainer(cpu, EPOCHS);
        Trainer expected = run.trainer(reference, EPOCHS)) {
      for (int step = 1; step <= expected.steps(); step++) {
        double loss = expected.oneStep();
        assertThat(actual.oneStep() / loss).as("step %d", step).isCloseTo(1, within(1e-4));
      }
    }
  }

  /** Without hidden layers this is ridge regression, of which the mode is known. */
  @Test
  void aPriorOfPointsIsTheRidgeOfAnL2Term() {
    LinearGaussian problem = LinearGaussian.simulated(50, 3, 0.5, 3);
    Examples examples = LinearModels.examples(problem);
    Likelihood noise = new Likelihood.GaussianKnown(1, problem.noise);
    Network network =
        Mlp.deterministic(examples.features(), List.of(), Function.RELU, noise)
            .withPointPrior(problem.prior);
    Model model = new Model(network, LinearModels.identity(examples.features()));
    Training training = Training.of(4000, 50, 0.02, 1);
    try (Device device = new CpuDevice(1);
        Trainer trainer = new Trainer(device, model, training, examples, Optional.empty())) {
      EpochReport last = SmallEnsembles.finish(trainer);
      float[] weight = SmallEnsembles.values(trainer.buffers().get("0.weight"));
      float[] bias = SmallEnsembles.values(trainer.buffers().get("0.bias"));
      double squares = bias[0] * bias[0];
      for (float w : weight) {
        squares += w * w;
      }
      double[] mode = problem.mean;
      for (int i = 0; i < weight.length; i++) {
        assertThat(weight[i]).isCloseTo((float) mode[i], within(1e-3f));
      }
      assertThat(bias[0]).isCloseTo((float) mode[weight.length], within(1e-3f));
      double penalty = squares / (2 * problem.prior * problem.prior);
      assertThat(last.kl()).isCloseTo(penalty, within(1e-3 * penalty));
      double kl = PosteriorDivergence.of(device, model, trainer.buffers(), 1, 1);
      assertThat(kl).isCloseTo(penalty, within(1e-5 * penalty));
    }
  }

  /** Predictions differ from sample to sample, and are the same for the same seed. */
  @Test
  void dropoutIsOnAtPrediction() {
    Network network =
        Mlp.dropout(
            SmallRuns.FEATURES, List.of(17), Function.RELU, new Likelihood.Categorical(3), 0.5);
    Examples examples = SmallRuns.examples();
    Model model = SmallEnsembles.model(network);
    Training training = SmallEnsembles.training(20, 11, Optimizer.Adam.of(0.01));
    try (Device device = new CpuDevice(1);
        Trainer trainer = SmallEnsembles.trainer(device, network, training)) {
      SmallEnsembles.finish(trainer);
      Predictions.Classes many =
          (Predictions.Classes)
              new Predictor(device, model, trainer.buffers(), 20, 1).predict(examples);
      Predictions.Classes again =
          (Predictions.Classes)
              new Predictor(device, model, trainer.buffers(), 20, 1).predict(examples);
      assertThat(again.logProbabilities().values()).isEqualTo(many.logProbabilities().values());
      double[] entropy = Classification.entropy(many.logProbabilities());
      double information = 0;
      for (int i = 0; i < entropy.length; i++) {
        information += (entropy[i] - many.expectedEntropy()[i]) / entropy.length;
      }
      assertThat(information).isGreaterThan(0.01);
    }
  }

  @Test
  void wrongNumbersAreRefused() {
    for (double probability : new double[] {0, 1, -0.5, Double.NaN}) {
      assertThatThrownBy(() -> new Dropout(probability))
          .hasMessage("the dropout probability must be in (0, 1), got " + probability);
    }
    for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new PointPrior(scale, new Layer.Identity()))
          .hasMessage("the prior scale must be positive, got " + scale);
    }
  }
}
