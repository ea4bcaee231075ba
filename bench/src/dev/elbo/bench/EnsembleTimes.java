package dev.elbo.bench;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.Likelihood;
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
 * An ensemble of 5 against 5 single runs one after the other, on all processors.
 *
 * <p>{@code step}: microseconds of a training step when all is warm, the fastest of many short
 * rounds that take turns, so that what else the machine does meets neither. {@code run}: seconds of
 * whole processes that train for 6000 steps, the fastest of three: what a user waits for, with the
 * start of the JVM and the steps before it has compiled.
 */
public final class EnsembleTimes {
  private static final int MEMBERS = 5;
  private static final int EXAMPLES = 3840;
  private static final int STEPS = 20;
  private static final int ROUNDS = 4000;
  private static final int RUNS = 3;
  private static final int RUN_STEPS = 6000;
  private static final List<String> HEADER =
      List.of(
          "network", "batch", "members", "measure", "single", "ensemble", "ensemble_over_singles");

  private EnsembleTimes() {}

  private record Case(String name, int inputs, int hidden, int batch, Likelihood likelihood) {
    Network network(int members) {
      Network one = Mlp.deterministic(inputs, List.of(hidden), Function.RELU, likelihood);
      return members == 1 ? one : one.ensemble(members);
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case("64-100-10", 64, 100, 64, new Likelihood.Categorical(10)),
          new Case("13-50-1", 13, 50, 32, new Likelihood.GaussianLearned(1, 0.5)));

  /** No arguments; the processes of {@code run} get a network, members and a seed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0) {
      Case chosen = CASES.stream().filter(c -> c.name().equals(args[0])).findFirst().orElseThrow();
      train(chosen, Integer.parseInt(args[1]), Long.parseLong(args[2]));
      return;
    }
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("Ensemble.csv");
    ResultsFile results = new ResultsFile(file, HEADER);
    for (Case c : CASES) {
      results.append(List.of(steps(c), runs(c)), provenance);
    }
  }

  private static List<String> row(Case c, String measure, double single, double ensemble) {
    return List.of(
        c.name(),
        String.valueOf(c.batch()),
        String.valueOf(MEMBERS),
        measure,
        String.format(Locale.ROOT, "%.2f", single),
        String.format(Locale.ROOT, "%.2f", ensemble),
        String.format(Locale.ROOT, "%.2f", ensemble / (MEMBERS * single)));
  }

  private static List<String> steps(Case c) {
    double single = Double.POSITIVE_INFINITY;
    double ensemble = Double.POSITIVE_INFINITY;
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors());
        Trainer one = trainer(device, c, 1, 1, ROUNDS * STEPS);
        Trainer all = trainer(device, c, MEMBERS, 1, ROUNDS * STEPS)) {
      for (int round = 0; round < ROUNDS; round++) {
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
      for (int m = 0; m < MEMBERS; m++) {
        all += secondsOfRun(c, 1, 1 + m);
      }
      singles = Math.min(singles, all / MEMBERS);
      ensemble = Math.min(ensemble, secondsOfRun(c, MEMBERS, 1));
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
            c.name(),
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
    Examples examples = examples(c);
    Normalization units = new Normalization(Standardization.perFeature(examples), Optional.empty());
    int epochs = Math.ceilDiv(steps * c.batch(), EXAMPLES);
    Training training = Training.of(epochs, c.batch(), 1e-3, seed);
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

  private static Examples examples(Case c) {
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
