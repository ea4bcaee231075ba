package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training of models with latent variables: the same bits, and a bound that rises. */
class LatentTrainingTest {
  private static final int EPOCHS = 3;

  static Stream<SmallAutoencoders.Case> cases() {
    return SmallAutoencoders.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalSeedsGiveEqualBitsWhateverTheThreads(SmallAutoencoders.Case run) {
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
  void aResumedRunEndsInTheSameBits(SmallAutoencoders.Case run) {
    try (Device device = new CpuDevice(2);
        Trainer whole = run.trainer(device, EPOCHS);
        Trainer begun = run.trainer(device, EPOCHS);
        Trainer resumed = run.trainer(device, EPOCHS)) {
      begun.epochOfSteps();
      resumed.restore(begun.state());
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        whole.epochOfSteps();
      }
      while (!resumed.finished()) {
        resumed.epochOfSteps();
      }
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
  void theCpuTrainsAsTheReferenceDoes(SmallAutoencoders.Case run) {
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

  @ParameterizedTest
  @MethodSource("cases")
  void theBoundRises(SmallAutoencoders.Case run) {
    List<EpochReport> reports = new ArrayList<>();
    try (Device device = new CpuDevice(1);
        Trainer trainer = run.trainer(device, 60)) {
      while (!trainer.finished()) {
        reports.add(trainer.epochOfSteps());
      }
    }
    boolean elbo = run.objective().latentBound() == LatentBound.ELBO;
    EpochReport last = reports.getLast();
    assertThat(last.latentKl().isPresent()).isEqualTo(elbo);
    double kl = last.kl() / 80 + last.latentKl().orElse(0.0);
    assertThat(last.elbo()).isCloseTo(-(last.nll() + last.klWeight() * kl), within(1e-12));
    // Nine independent fair coins cost 9 log 2 = 6.2 nats, the best model about 4.3.
    double bound = elbo ? last.nll() + last.latentKl().orElseThrow() : last.nll();
    assertThat(bound).isLessThan(5.7);
    assertThat(last.elbo()).isGreaterThan(reports.getFirst().elbo());
  }
}
