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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A step of an ensemble of 5 against 5 steps of single runs, on all processors: the median of runs
 * that take turns, so that what else the machine does meets both.
 */
public final class EnsembleTimes {
  private static final int MEMBERS = 5;
  private static final int EXAMPLES = 3840;
  private static final int STEPS = 2000;
  private static final int ROUNDS = 21;
  private static final List<String> HEADER =
      List.of("network", "batch", "members", "single_us", "ensemble_us", "ensemble_over_singles");

  private EnsembleTimes() {}

  private record Case(String name, int inputs, int hidden, int batch, Likelihood likelihood) {}

  private static final List<Case> CASES =
      List.of(
          new Case("64-100-10", 64, 100, 64, new Likelihood.Categorical(10)),
          new Case("13-50-1", 13, 50, 32, new Likelihood.GaussianLearned(1, 0.5)));

  /** No arguments. */
  public static void main(String[] args) throws IOException {
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("Ensemble.csv");
    ResultsFile results = new ResultsFile(file, HEADER);
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors())) {
      for (Case c : CASES) {
        List<String> row = row(device, c);
        results.append(List.of(row), provenance);
        System.out.println(String.join(" ", row));
      }
    }
  }

  private static List<String> row(Device device, Case c) {
    Network one =
        Mlp.deterministic(c.inputs(), List.of(c.hidden()), Function.RELU, c.likelihood());
    Examples examples = examples(c);
    double[] singles = new double[ROUNDS];
    double[] ensembles = new double[ROUNDS];
    try (Trainer single = trainer(device, one, c, examples);
        Trainer ensemble = trainer(device, one.ensemble(MEMBERS), c, examples)) {
      for (int round = -ROUNDS / 2; round < ROUNDS; round++) {
        double own = secondsOfStep(single);
        double all = secondsOfStep(ensemble);
        if (round >= 0) {
          singles[round] = own;
          ensembles[round] = all;
        }
      }
    }
    double own = median(singles);
    double all = median(ensembles);
    List<String> row = new ArrayList<>();
    row.add(c.name());
    row.add(String.valueOf(c.batch()));
    row.add(String.valueOf(MEMBERS));
    row.add(String.format(Locale.ROOT, "%.1f", 1e6 * own));
    row.add(String.format(Locale.ROOT, "%.1f", 1e6 * all));
    row.add(String.format(Locale.ROOT, "%.2f", all / (MEMBERS * own)));
    return row;
  }

  private static Trainer trainer(Device device, Network network, Case c, Examples examples) {
    Model model =
        new Model(network, new Normalization(Standardization.perFeature(examples), Optional.empty()));
    int epochs = (2 * ROUNDS * STEPS * c.batch()) / EXAMPLES + 1;
    Training training = Training.of(epochs, c.batch(), 1e-3, 1);
    return new Trainer(device, model, training, examples, Optional.empty());
  }

  private static double secondsOfStep(Trainer trainer) {
    long start = System.nanoTime();
    for (int step = 0; step < STEPS; step++) {
      trainer.oneStep();
    }
    return (System.nanoTime() - start) * 1e-9 / STEPS;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
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
