package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Objective;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fifty steps as users run them: against the reference, and twice for equal bits. On a card the
 * network is of a real size; on the emulated driver it is small.
 */
@Tag("cuda")
class CudaAgreementTest {
  private static final int STEPS = 50;
  private static final boolean CARD = EmulatedDriver.replacedByCard();
  private static final int INPUTS = CARD ? 784 : 19;
  private static final int HIDDEN = CARD ? 100 : 13;
  private static final int BATCH = CARD ? 64 : 11;
  private static final int CLASSES = 10;
  private static final double RATE = 1e-3;

  /** Sums of some hundred terms in float32, and the steps that follow from them. */
  private static final double LOSS = 1e-3;

  /** Adam's steps are +-rate where rounding decides the sign of a gradient near 0. */
  private static final double MOST = 0.02 * RATE;

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  /** What a run leaves behind. */
  private record Outcome(double[] losses, Map<String, float[]> state) {}

  @ParameterizedTest
  @EnumSource
  void fiftyStepsAgreeWithTheReference(Estimator estimator) {
    Outcome actual = run(new CudaDevice(0, Precision.F32), estimator);
    Outcome expected = run(new ReferenceDevice(), estimator);
    for (int i = 0; i < STEPS; i++) {
      assertThat(actual.losses[i] / expected.losses[i])
          .as("loss of step %d over that of the reference", i + 1)
          .isCloseTo(1, within(LOSS));
    }
    assertThat(shareFarFrom(actual, expected)).as("share of parameters off").isLessThan(0.01);
  }

  /** How many of the posterior's parameters differ by more than rounding explains. */
  private static double shareFarFrom(Outcome actual, Outcome expected) {
    int far = 0;
    int count = 0;
    for (String name : expected.state.keySet()) {
      if (name.endsWith(".mu") || name.endsWith(".log_sigma")) {
        float[] a = actual.state.get(name);
        float[] e = expected.state.get(name);
        for (int i = 0; i < e.length; i++) {
          far += Math.abs(a[i] - e[i]) <= MOST ? 0 : 1;
          count++;
        }
      }
    }
    return (double) far / count;
  }

  @ParameterizedTest
  @EnumSource
  void aRunRepeatsToTheBit(Precision precision) {
    Outcome first = run(new CudaDevice(0, precision), Estimator.NAIVE);
    Outcome second = run(new CudaDevice(0, precision), Estimator.NAIVE);
    assertThat(second.losses).isEqualTo(first.losses);
    first.state.forEach(
        (name, values) -> assertThat(second.state.get(name)).as(name).isEqualTo(values));
  }

  /** Operands of 8 bits: their errors average out in the loss of a batch. */
  @Test
  void bf16TrainsLikeTheReference() {
    Outcome actual = run(new CudaDevice(0, Precision.BF16), Estimator.NAIVE);
    Outcome expected = run(new ReferenceDevice(), Estimator.NAIVE);
    for (int i = 0; i < STEPS; i++) {
      assertThat(actual.losses[i] / expected.losses[i])
          .as("loss of step %d over that of the reference", i + 1)
          .isCloseTo(1, within(2e-2));
    }
  }

  private static Outcome run(Device device, Estimator estimator) {
    Objective objective = Objective.of(new Sampling(estimator, 2, false), 1, 0);
    Training training = Training.of(STEPS, BATCH, RATE, 1).with(objective);
    try (device;
        Trainer trainer = new Trainer(device, model(), training, examples(), Optional.empty())) {
      double[] losses = new double[STEPS];
      for (int i = 0; i < STEPS; i++) {
        losses[i] = trainer.oneStep();
      }
      Map<String, float[]> state = new LinkedHashMap<>();
      for (Map.Entry<String, Buffer> entry : trainer.buffers().entrySet()) {
        float[] values = new float[entry.getValue().shape().elements()];
        entry.getValue().read(values);
        state.put(entry.getKey(), values);
      }
      return new Outcome(losses, state);
    }
  }

  private static Model model() {
    return new Model(
        Mlp.variational(
            INPUTS,
            List.of(HIDDEN, HIDDEN),
            Function.RELU,
            new Likelihood.Categorical(CLASSES),
            new Prior.Gaussian(1),
            GaussianPosterior.DEFAULT),
        new Normalization(Standardization.perFeature(examples()), Optional.empty()));
  }

  private static Examples examples() {
    SplittableRandom random = new SplittableRandom(3);
    float[] x = new float[3 * BATCH * INPUTS];
    float[] y = new float[3 * BATCH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextDouble();
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = random.nextInt(CLASSES);
    }
    return new Examples(INPUTS, x, y);
  }
}
