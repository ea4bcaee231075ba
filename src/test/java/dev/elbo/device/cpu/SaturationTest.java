package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Buffer;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Function;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Objective;
import dev.elbo.inference.Optimizer;
import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A softmax that saturates drives its gradients, and an optimizer's averages of them, through the
 * subnormal numbers, on which some processors are a hundred times slower.
 */
class SaturationTest {
  private static final int FEATURES = 40;
  private static final int EXAMPLES = 96;
  private static final int STEPS = 1200;
  private static final int REPEATS = 5;
  private static final Optimizer ADAM = Optimizer.Adam.of(0.3);

  /** Classes that a line separates, learned at a rate that soon makes them certain. */
  private static Trainer trainer(CpuDevice device, Optimizer optimizer) {
    Random random = new Random(3);
    float[] x = new float[EXAMPLES * FEATURES];
    float[] y = new float[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      y[i] = i % 2;
      for (int f = 0; f < FEATURES; f++) {
        x[i * FEATURES + f] = (float) (random.nextGaussian() + (i % 2 == 0 ? 2 : -2));
      }
    }
    Network network =
        Mlp.deterministic(FEATURES, List.of(64), Function.RELU, new Likelihood.Categorical(3));
    Standardization units = Standardization.scale(FEATURES, 1);
    Training training =
        new Training(
            STEPS,
            EXAMPLES,
            1,
            Objective.DEFAULT,
            optimizer,
            new RateSchedule.Constant(),
            Optional.empty(),
            Optional.empty());
    Model model = new Model(network, new Normalization(units, Optional.empty()));
    Examples all = new Examples(FEATURES, x, y);
    return new Trainer(device, model, training, all, Optional.empty());
  }

  static List<Optimizer> optimizers() {
    return List.of(ADAM, new Optimizer.Sgd(1, 0.9));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void noNumberOfTheStateIsSubnormal(Optimizer optimizer) {
    try (CpuDevice device = new CpuDevice(1);
        Trainer trainer = trainer(device, optimizer)) {
      double loss = Double.NaN;
      for (int step = 0; step < STEPS; step++) {
        loss = trainer.oneStep();
      }
      assertThat(loss).as("a softmax that is certain").isLessThan(1e-20);
      for (Buffer buffer : trainer.buffers().values()) {
        float[] values = new float[buffer.shape().elements()];
        buffer.read(values);
        for (float value : values) {
          boolean subnormal = value != 0 && Math.abs(value) < Float.MIN_NORMAL;
          assertThat(subnormal).as("%s is subnormal", value).isFalse();
        }
      }
    }
  }

  /** The least of some runs, which leaves out what else the machine did. */
  @Test
  void noStepIsSlowerThanThreeTimesTheMedian() {
    double[] least = new double[STEPS];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    try (CpuDevice device = new CpuDevice(1)) {
      for (int repeat = 0; repeat < REPEATS; repeat++) {
        try (Trainer trainer = trainer(device, ADAM)) {
          for (int step = 0; step < STEPS; step++) {
            long start = System.nanoTime();
            trainer.oneStep();
            least[step] = Math.min(least[step], System.nanoTime() - start);
          }
        }
      }
    }
    double[] sorted = least.clone();
    Arrays.sort(sorted);
    double median = sorted[STEPS / 2];
    assertThat(sorted[STEPS - 1]).as("the slowest step, ns").isLessThan(3 * median);
  }
}
