package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.CudaOptions;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Prior;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Transformer;
import dev.elbo.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Small transformers train alike on every device, and resumed runs like whole ones. */
class TransformerTrainingTest {
  private static final Transformer.Size SIZE = new Transformer.Size(5, 7, 2, 12, 3);
  private static final int CHARACTERS = 60;
  private static final int STEPS = 12;

  static List<Network> networks() {
    return List.of(
        Transformer.variational(SIZE, new Prior.Gaussian(0.5), new GaussianPosterior(-2)),
        Transformer.deterministic(SIZE));
  }

  private static Examples text() {
    float[] inputs = new float[CHARACTERS];
    float[] targets = new float[CHARACTERS];
    for (int i = 0; i < CHARACTERS; i++) {
      inputs[i] = i * i % 5;
      targets[i] = (i + 1) * (i + 1) % 5;
    }
    return new Examples(1, inputs, targets);
  }

  private static Trainer trainer(Device device, Network network, Estimator estimator) {
    Training training =
        Training.of(/* epochs */ 6, /* batch */ 3, /* rate */ 0.003, /* seed */ 7)
            .with(Objective.of(new Sampling(estimator, 2, false), 1, 0));
    Model model = new Model(network, LinearModels.identity(1));
    return new Trainer(device, model, training, text(), Optional.empty());
  }

  private static Map<String, Tensor> after(Device device, Network network, Estimator estimator) {
    try (device;
        Trainer trainer = trainer(device, network, estimator)) {
      for (int step = 0; step < STEPS; step++) {
        trainer.oneStep();
      }
      return trainer.state().tensors();
    }
  }

  private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    expected.forEach(
        (name, tensor) ->
            assertThat(actual.get(name).values()).as(name).isEqualTo(tensor.values()));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aResumedRunAndOneWithTwoThreadsEndInTheSameBits(Network network) {
    Map<String, Tensor> expected = after(new CpuDevice(1), network, Estimator.NAIVE);
    assertSame(after(new CpuDevice(2), network, Estimator.NAIVE), expected);
    try (Device device = new CpuDevice(1);
        Trainer first = trainer(device, network, Estimator.NAIVE);
        Trainer second = trainer(device, network, Estimator.NAIVE)) {
      for (int step = 0; step < 5; step++) {
        first.oneStep();
      }
      second.restore(first.state());
      while (second.step() < STEPS) {
        second.oneStep();
      }
      assertSame(second.state().tensors(), expected);
    }
  }

  /** The losses of each step, each device going on from its own state. */
  private static void assertLossesAgree(Device device, Network network, Estimator estimator) {
    try (device;
        Device reference = new ReferenceDevice();
        Trainer actual = trainer(device, network, estimator);
        Trainer expected = trainer(reference, network, estimator)) {
      for (int step = 1; step <= STEPS; step++) {
        double ratio = actual.oneStep() / expected.oneStep();
        assertThat(ratio).as("step %d", step).isCloseTo(1, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCpuTrainsAsTheReference(Estimator estimator) {
    assertLossesAgree(new CpuDevice(2), networks().getFirst(), estimator);
  }

  @Test
  void theCpuTrainsPointsAsTheReference() {
    assertLossesAgree(new CpuDevice(2), networks().getLast(), Estimator.NAIVE);
  }

  @Tag("cuda")
  @ParameterizedTest
  @MethodSource("networks")
  void aCardTrainsAsTheReference(Network network) {
    EmulatedDriver.load();
    CudaDevice cuda = new CudaDevice(0, CudaOptions.of(Precision.F32));
    assertLossesAgree(cuda, network, Estimator.NAIVE);
  }

  @Test
  void sizesThatMakeNoTransformerAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Transformer.Size(5, 7, 0, 12, 3))
        .withMessage(
            "a transformer of context 7, 0 layers, width 12 and 3 heads: each must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Transformer.Size(5, 7, 1, 13, 3))
        .withMessage("a width of 13 cannot be shared by 3 heads");
  }
}
