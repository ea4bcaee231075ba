package dev.elbo.bench;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The training step that users run: a batch gathered, the ELBO's gradient, Adam, all of it. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
@Fork(1)
@State(Scope.Thread)
public class TrainingStepBenchmark {
  private static final int EXAMPLES = 4096;

  /** Steps of both devices before the first comparison of their losses. */
  private static final int VERIFIED_STEPS = 2;

  /** Relative difference of losses that float32 sums over 1200 terms and two steps explain. */
  private static final double TOLERANCE = 1e-3;

  /** Units of the layers, then the batch: inputs-hidden-...-classes@batch. */
  @Param({"784-1200-1200-10@128", "784-400-400-10@128", "64-100-10@64", "13-50-1@32"})
  public String network = "";

  /** naive, local or flipout. */
  @Param("NAIVE")
  public Estimator estimator = Estimator.NAIVE;

  /** Threads of the device. */
  @Param({"1", "2"})
  public int threads;

  private Device device = new ReferenceDevice();
  private Optional<Trainer> trainer = Optional.empty();

  /** Compares the losses of the first steps with the double-precision definition. */
  @Setup
  public void verify() {
    device = new CpuDevice(threads);
    Trainer fast = trainer(device);
    try (Device reference = new ReferenceDevice();
        Trainer slow = trainer(reference)) {
      for (int step = 0; step < VERIFIED_STEPS; step++) {
        double expected = slow.oneStep();
        double actual = fast.oneStep();
        if (!(Math.abs(actual - expected) <= TOLERANCE * Math.abs(expected))) {
          throw new IllegalStateException(
              "the loss of step %d is %s, not %s".formatted(step + 1, actual, expected));
        }
      }
    }
    trainer = Optional.of(fast);
  }

  /** One step. */
  @Benchmark
  public double step() {
    return trainer.orElseThrow().oneStep();
  }

  /** Ends the workers. */
  @TearDown
  public void close() {
    trainer.ifPresent(Trainer::close);
    device.close();
  }

  private Trainer trainer(Device on) {
    String[] parts = network.split("@");
    List<Integer> units =
        new ArrayList<>(Arrays.stream(parts[0].split("-")).map(Integer::valueOf).toList());
    int inputs = units.removeFirst();
    int outputs = units.removeLast();
    Likelihood likelihood =
        outputs == 1 ? new Likelihood.GaussianLearned(1, 0.5) : new Likelihood.Categorical(outputs);
    Model model =
        new Model(
            Mlp.variational(
                inputs,
                units,
                Function.RELU,
                likelihood,
                new Prior.Gaussian(1),
                GaussianPosterior.DEFAULT),
            new Normalization(
                new Standardization(new float[inputs], ones(inputs)), Optional.empty()));
    Training training =
        Training.of(1_000_000, Integer.parseInt(parts[1]), 1e-4, 1)
            .with(Objective.of(new Sampling(estimator, 1, false), 1, 0));
    return new Trainer(on, model, training, examples(inputs, outputs), Optional.empty());
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Examples examples(int inputs, int classes) {
    Random random = new Random(7);
    float[] x = new float[EXAMPLES * inputs];
    float[] y = new float[EXAMPLES];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat();
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = classes == 1 ? random.nextFloat() : random.nextInt(classes);
    }
    return new Examples(inputs, x, y);
  }
}
