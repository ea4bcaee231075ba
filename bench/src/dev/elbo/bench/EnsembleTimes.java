package dev.elbo.bench;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An ensemble of M against M single runs one after the other, on all processors: of points, and of
 * mean-field Gaussians.
 *
 * <p>{@code step}: microseconds of a training step when all is warm, the fastest of many short
 * rounds that take turns, so that what else the machine does meets neither. {@code run}: seconds of
 * whole processes that train for 6000 steps, the fastest of three: what a user waits for, with the
 * start of the JVM and the steps before it has compiled.
 */
public final class EnsembleTimes {
  private static final int EXAMPLES = 3840;
  private static final int STEPS = 20;
  private static final int MEMBER_ROUNDS = 20_000;
  private static final int RUNS = 3;
  private static final int MOST_RUNS = 5;
  private static final int RUN_STEPS = 6000;
  private static final List<String> HEADER =
      List.of(
          "network",
          "weights",
          "batch",
          "members",
          "measure",
          "single",
          "ensemble",
          "ensemble_over_singles");

  private EnsembleTimes() {}

  private enum Weights {
    POINTS,
    GAUSSIAN
  }

  private record Shape(String name, int inputs, int hidden, int batch, Likelihood likelihood) {
    Network network(Weights weights) {
      List<Integer> units = List.of(hidden);
      return switch (weights) {
        case POINTS -> Mlp.deterministic(inputs, units, Function.RELU, likelihood);
        case GAUSSIAN ->
            Mlp.variational(
                inputs,
                units,
                Function.RELU,
                likelihood,
                new Prior.Gaussian(1),
                GaussianPosterior.DEFAULT);
      };
    }
  }

  private static final Shape DIGITS =
      new Shape("64-100-10", 64, 100, 64, new Likelihood.Categorical(10));
  private static final Shape TABLE =
      new Shape("13-50-1", 13, 50, 32, new Likelihood.GaussianLearned(1, 0.5));

  private record Case(Shape shape, Weights weights, int members) {
    Network network(int count) {
      Network one = shape.network(weights);
      return count == 1 ? one : one.ensemble(count);
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case(DIGITS, Weights.POINTS, 5),
          new Case(TABLE, Weights.POINTS, 5),
          new Case(DIGITS, Weights.GAUSSIAN, 5),
          new Case(TABLE, Weights.GAUSSIAN, 5),
          new Case(TABLE, Weights.GAUSSIAN, 132));

  /** No arguments; the processes of {@code run} get the number of a case, members and a seed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0) {
      train(
          CASES.get(Integer.parseInt(args[0])), Integer.parseInt(args[1]), Long.parseLong(args[2]));
      return;
    }
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("Ensemble.csv");
    ResultsFile results = new ResultsFile(file, HEADER);
    for (Case c : CASES) {
      results.append(List.of(steps(c)), provenance);
      if (c.members() <= MOST_RUNS) {
        results.append(List.of(runs(c)), provenance);
      }
    }
  }

  private static List<String> row(Case c, String measure, double single, double ensemble) {
    return List.of(
        c.shape().name(),
        c.weights().name().toLowerCase(Locale.ROOT),
        String.valueOf(c.shape().batch()),
        String.valueOf(c.members()),
        measure,
        String.format(Locale.ROOT, "%.2f", single),
        String.format(Locale.ROOT, "%.2f", ensemble),
        String.format(Locale.ROOT, "%.2f", ensemble / (c.members() * single)));
  }

  private static List<String> steps(Case c) {
    int rounds = MEMBER_ROUNDS / c.members();
    double single = Double.POSITIVE_INFINITY;
    double ensemble = Double.POSITIVE_INFINITY;
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors());
        Trainer one = trainer(device, c, 1, 1, rounds * STEPS);
        Trainer all = trainer(device, c, c.members(), 1, rounds * STEPS)) {
      for (int round = 0; round < rounds; round++) {
        single = Math.min(single, secondsOfStep(one));
        ensemble = Math.min(ensemble, secondsOfStep(all));
      }
    }
    return row(c, "step, us", 1e6 * single, 1e6 * ensemble);
  }

  private static List<String> runs(Case c) throws IOException, InterruptedException {
    double singles = Double.POSITIVE_INFINITY;
    double ensemble = Double.POSITIVE_INFINITY;
    for (int run = 0; run < RUNS; run++) {
      double all = 0;
      for (int m = 0; m < c.members(); m++) {
        all += secondsOfRun(c, 1, 1 + m);
      }
      singles = Math.min(singles, all / c.members());
      ensemble = Math.min(ensemble, secondsOfRun(c, c.members(), 1));
    }
    return row(c, "run, s", singles, ensemble);
  }

  private static double secondsOfRun(Case c, int members, long seed)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            EnsembleTimes.class.getName(),
            String.valueOf(CASES.indexOf(c)),
            String.valueOf(members),
            String.valueOf(seed));
    long start = System.nanoTime();
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("a run ended with code " + code);
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  private static void train(Case c, int members, long seed) {
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors());
        Trainer trainer = trainer(device, c, members, seed, RUN_STEPS)) {
      for (int step = 0; step < RUN_STEPS; step++) {
        trainer.oneStep();
      }
    }
  }

  private static Trainer trainer(Device device, Case c, int members, long seed, int steps) {
    Examples examples = examples(c.shape());
    Normalization units = new Normalization(Standardization.perFeature(examples), Optional.empty());
    int epochs = Math.ceilDiv(steps * c.shape().batch(), EXAMPLES);
    Training training = Training.of(epochs, c.shape().batch(), 1e-3, seed);
    return new Trainer(
        device, new Model(c.network(members), units), training, examples, Optional.empty());
  }

  private static double secondsOfStep(Trainer trainer) {
    long start = System.nanoTime();
    for (int step = 0; step < STEPS; step++) {
      trainer.oneStep();
    }
    return (System.nanoTime() - start) * 1e-9 / STEPS;
  }

  private static Examples examples(Shape c) {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[EXAMPLES * c.inputs()];
    float[] y = new float[EXAMPLES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = random.nextInt(c.likelihood().outputs() > 1 ? c.likelihood().outputs() : 3);
    }
    return new Examples(c.inputs(), x, y);
  }
}
