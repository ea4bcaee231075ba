package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(50, 3, 0.5, 3);

  static List<Arguments> runs() {
    Objective local = Objective.of(new Sampling(Estimator.LOCAL, 2, true), 0.5, 2);
    Objective naive = Objective.of(new Sampling(Estimator.NAIVE, 2, false), 1, 0);
    return List.of(
        Arguments.of(naive, Optimizer.Adam.of(0.01), Optional.empty()),
        Arguments.of(local, new Optimizer.Sgd(0.01, 0.9), Optional.of(0.5)),
        Arguments.of(naive, Optimizer.Ivon.of(0.1, 0.5), Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void aResumedRunEndsInTheSameBits(
      Objective objective, Optimizer optimizer, Optional<Double> clip) {
    Training training = training(5, objective, optimizer, clip, Optional.empty());
    try (Device device = new CpuDevice(2);
        Trainer whole = trainer(device, training);
        Trainer first = trainer(device, training);
        Trainer second = trainer(device, training)) {
      finish(whole);
      first.epochOfSteps();
      first.epochOfSteps();
      second.restore(first.state());
      finish(second);
      assertSame(whole.state(), second.state());
      assertThat(whole.step()).isEqualTo(whole.steps());
    }
  }

  @Test
  void threadsDoNotChangeTheBits() {
    Training training =
        training(3, Objective.DEFAULT, Optimizer.Adam.of(0.01), Optional.empty(), Optional.empty());
    try (Device one = new CpuDevice(1);
        Device two = new CpuDevice(2);
        Trainer a = trainer(one, training);
        Trainer b = trainer(two, training)) {
      finish(a);
      finish(b);
      assertSame(a.state(), b.state());
    }
  }

  @Test
  void theReportAddsUp() {
    Objective objective = Objective.of(new Sampling(Estimator.NAIVE, 1, false), 0.7, 4);
    Training training =
        training(3, objective, Optimizer.Adam.of(0.01), Optional.empty(), Optional.empty());
    try (Device device = new CpuDevice(1);
        Trainer trainer = trainer(device, training)) {
      EpochReport report = trainer.epochOfSteps();
      assertThat(report.epoch()).isEqualTo(1);
      // 50 examples in batches of 16: after 4 steps 64 examples are seen, 1.28 of 4 epochs.
      assertThat(report.klWeight()).isCloseTo(0.7 * 1.28 / 4, within(1e-12));
      double elbo = -(report.nll() + report.klWeight() * report.kl() / 50);
      assertThat(report.elbo()).isCloseTo(elbo, within(1e-12));
      assertThat(report.kl()).isPositive();
    }
  }

  @Test
  void targetsInOtherUnitsShiftTheNll() {
    Examples examples = LinearModels.examples(PROBLEM);
    Normalization identity = LinearModels.identity(3);
    Normalization halves =
        new Normalization(
            identity.inputs(),
            Optional.of(new dev.elbo.data.Standardization(new float[] {3}, new float[] {2})));
    float[] scaled = new float[examples.size()];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = 2 * examples.targets()[i] + 3;
    }
    Training training =
        training(2, Objective.DEFAULT, Optimizer.Adam.of(0.01), Optional.empty(), Optional.empty());
    Network network = LinearModels.model(PROBLEM).network();
    Examples other = new Examples(3, examples.inputs(), scaled);
    try (Device device = new CpuDevice(1);
        Trainer plain =
            new Trainer(
                device, new Model(network, identity), training, examples, Optional.empty());
        Trainer units =
            new Trainer(device, new Model(network, halves), training, other, Optional.empty())) {
      // float32 rounding of 2 y + 3 is all that can differ beside the shift by log 2.
      double shift = units.epochOfSteps().nll() - plain.epochOfSteps().nll();
      assertThat(shift).isCloseTo(Math.log(2), within(1e-5));
    }
  }

  @Test
  void aStepThatIsNotFiniteNamesTheTensorAndKeepsTheState() {
    Training training =
        training(3, Objective.DEFAULT, Optimizer.Adam.of(0.01), Optional.empty(), Optional.empty());
    try (Device device = new CpuDevice(1);
        Trainer trainer = trainer(device, training)) {
      trainer.oneStep();
      Buffer logSigma = trainer.buffers().get("0.weight.log_sigma");
      logSigma.write(new float[] {0, 200, 0});
      State before = trainer.state();
      assertThatThrownBy(trainer::oneStep)
          .isInstanceOf(NonFiniteException.class)
          .hasMessageStartingWith("step 2: ")
          .hasMessageMatching(
              "step 2: \\w+\\[.*\\] at node \\d+ is (NaN|-?Infinity) at element \\d+");
      assertSame(before, trainer.state());
      logSigma.write(new float[] {0, Float.NaN, 0});
      assertThatThrownBy(trainer::oneStep)
          .hasMessage("step 2: 0.weight.log_sigma is NaN at element 1");
      assertThatThrownBy(trainer::state)
          .hasMessage("step 1: 0.weight.log_sigma is NaN at element 1");
      assertThatThrownBy(() -> trainer.stateInto(before))
          .hasMessage("step 1: 0.weight.log_sigma is NaN at element 1");
    }
  }

  @Test
  void examplesWithoutTargetsAreRefused() {
    Training training =
        training(3, Objective.DEFAULT, Optimizer.Adam.of(0.01), Optional.empty(), Optional.empty());
    float[] inputs = LinearModels.examples(PROBLEM).inputs();
    Examples unlabelled = new Examples(3, inputs, new float[0]);
    Model model = LinearModels.model(PROBLEM);
    try (Device device = new CpuDevice(1)) {
      assertThatThrownBy(
              () -> new Trainer(device, model, training, unlabelled, Optional.empty()).close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the model learns targets, the data has none");
    }
  }

  @Test
  void aStateCanBeReadIntoAnEarlierOne() {
    Training training =
        training(3, Objective.DEFAULT, Optimizer.Adam.of(0.01), Optional.empty(), Optional.empty());
    try (Device device = new CpuDevice(1);
        Trainer trainer = trainer(device, training)) {
      State earlier = trainer.state();
      trainer.oneStep();
      State later = trainer.stateInto(earlier);
      assertThat(later.step()).isEqualTo(1);
      assertThat(later.tensors()).isSameAs(earlier.tensors());
      assertSame(later, trainer.state());
    }
  }

  @Test
  void examplesAreNoStateAndAreNamedWhenTheyAreNotFinite() {
    Training training =
        training(3, Objective.DEFAULT, Optimizer.Adam.of(0.01), Optional.empty(), Optional.empty());
    Examples examples = LinearModels.examples(PROBLEM);
    try (Device device = new CpuDevice(1);
        Trainer trainer =
            new Trainer(
                device, LinearModels.model(PROBLEM), training, examples, Optional.empty())) {
      assertThat(trainer.state().tensors().keySet())
          .isEqualTo(trainer.buffers().keySet())
          .noneMatch(name -> name.startsWith("data."));
    }
    Arrays.fill(examples.inputs(), 5, examples.inputs().length, Float.NaN);
    try (Device device = new CpuDevice(1);
        Trainer trainer =
            new Trainer(
                device, LinearModels.model(PROBLEM), training, examples, Optional.empty())) {
      assertThatThrownBy(trainer::oneStep).hasMessage("step 1: data.x is NaN at element 5");
    }
  }

  @Test
  void earlyStoppingGoesBackToTheBest() {
    Training training =
        training(
            200,
            Objective.DEFAULT,
            Optimizer.Adam.of(0.3),
            Optional.empty(),
            Optional.of(new EarlyStopping(EarlyStopping.Score.NLL, 3)));
    Examples examples = LinearModels.examples(PROBLEM);
    try (Device device = new CpuDevice(1);
        Trainer trainer =
            new Trainer(
                device, LinearModels.model(PROBLEM), training, examples, Optional.of(examples))) {
      int epochs = 0;
      double best = Double.POSITIVE_INFINITY;
      int bestEpoch = 0;
      while (!trainer.finished()) {
        EpochReport report = trainer.epochOfSteps();
        epochs++;
        if (report.validation().orElseThrow() < best) {
          best = report.validation().orElseThrow();
          bestEpoch = epochs;
        }
      }
      assertThat(epochs).isLessThan(200).isEqualTo(bestEpoch + 3);
      State.Best kept = trainer.state().best().orElseThrow();
      assertThat(kept.epoch()).isEqualTo(bestEpoch);
      assertThat(kept.score()).isEqualTo(best);
      trainer.restoreBest();
      trainer
          .state()
          .tensors()
          .forEach(
              (name, t) -> assertThat(t.values()).isEqualTo(kept.tensors().get(name).values()));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Examples examples = LinearModels.examples(PROBLEM);
    Model model = LinearModels.model(PROBLEM);
    Training early =
        training(
            1,
            Objective.DEFAULT,
            Optimizer.Adam.of(0.1),
            Optional.empty(),
            Optional.of(new EarlyStopping(EarlyStopping.Score.ELBO, 1)));
    Training plain =
        training(1, Objective.DEFAULT, Optimizer.Adam.of(0.1), Optional.empty(), Optional.empty());
    try (Device device = new ReferenceDevice()) {
      assertThatThrownBy(() -> new Trainer(device, model, early, examples, Optional.empty()))
          .hasMessage("early stopping needs validation examples");
      Examples wide = new Examples(5, new float[10], new float[2]);
      assertThatThrownBy(() -> new Trainer(device, model, plain, wide, Optional.empty()))
          .hasMessage("the model takes 3 inputs, the data has 5");
      Network laplace =
          Mlp.variational(
              3,
              List.of(),
              Function.RELU,
              new Likelihood.GaussianKnown(1, 1),
              new Prior.Laplace(1),
              GaussianPosterior.DEFAULT);
      Training ivon =
          training(
              1, Objective.DEFAULT, Optimizer.Ivon.of(0.1, 1), Optional.empty(), Optional.empty());
      Model other = new Model(laplace, LinearModels.identity(3));
      assertThatThrownBy(() -> new Trainer(device, other, ivon, examples, Optional.empty()))
          .hasMessage("IVON needs a Gaussian prior of fixed scale, not KlLaplace");
      try (Trainer trainer = new Trainer(device, model, plain, examples, Optional.empty())) {
        State state = trainer.state();
        assertThatThrownBy(() -> trainer.restore(new State(99, state.tensors(), state.best())))
            .hasMessage("step 99 is not in 0..4");
        assertThatThrownBy(() -> trainer.restore(new State(1, Map.of(), state.best())))
            .hasMessageStartingWith("the state has tensors [], the run [0.weight.mu");
        finish(trainer);
        assertThatThrownBy(trainer::epochOfSteps).hasMessage("the run is finished");
      }
    }
  }

  static Training training(
      int epochs,
      Objective objective,
      Optimizer optimizer,
      Optional<Double> clip,
      Optional<EarlyStopping> stopping) {
    return new Training(
        epochs, 16, 9, objective, optimizer, new RateSchedule.Cosine(0.1), clip, stopping);
  }

  private static Trainer trainer(Device device, Training training) {
    Model model = LinearModels.model(PROBLEM);
    return new Trainer(device, model, training, LinearModels.examples(PROBLEM), Optional.empty());
  }

  private static void finish(Trainer trainer) {
    while (!trainer.finished()) {
      trainer.epochOfSteps();
    }
  }

  private static void assertSame(State a, State b) {
    assertThat(a.step()).isEqualTo(b.step());
    assertThat(a.tensors().keySet()).isEqualTo(b.tensors().keySet());
    a.tensors()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.values()).as(name).isEqualTo(b.tensors().get(name).values()));
  }
}
