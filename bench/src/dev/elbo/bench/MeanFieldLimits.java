package dev.elbo.bench;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.Covariance;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.DenseGaussian;
import dev.elbo.inference.LinearGaussian;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Objective;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.CorrelatedLinear;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.layer.VariationalLinear;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What a mean-field Gaussian misses and what covariances of several kinds get, on Bayesian linear
 * regression, where the exact posterior and the evidence are known: 8 features, neighbours
 * correlated by 0.9. Writes bench/results/MeanFieldLimits.csv and mean-field-limits.svg, the
 * contours of two neighbouring weights.
 */
public final class MeanFieldLimits {
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(200, 8, 0.9, 5);
  private static final int FEATURES = PROBLEM.weights() - 1;
  private static final GaussianPosterior START = new GaussianPosterior(-3);
  private static final int STEPS = 12_000;
  private static final int SAMPLES = 64;
  private static final List<String> HEADER =
      List.of(
          "posterior",
          "parameters",
          "elbo",
          "log_evidence",
          "gap_nats",
          "best_gap_nats",
          "mean_sd_ratio",
          "us_a_step");

  private MeanFieldLimits() {}

  private record Result(String name, int parameters, DenseGaussian q, double microseconds) {}

  /** Trains each posterior, and writes the table and the plot. */
  public static void main(String[] args) throws IOException {
    List<Result> results = new ArrayList<>();
    results.add(meanField());
    results.add(correlated("low-rank-1", new Covariance.LowRank(1)));
    results.add(correlated("low-rank-3", new Covariance.LowRank(3)));
    results.add(correlated("full", new Covariance.Full()));
    List<List<String>> rows = results.stream().map(MeanFieldLimits::row).toList();
    rows.forEach(row -> System.out.println(String.join(" ", row)));
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path folder = Path.of(System.getProperty("bench.results"));
    new ResultsFile(folder.resolve("MeanFieldLimits.csv"), HEADER).append(rows, provenance);
    List<Contours.Curve> curves = new ArrayList<>();
    curves.add(new Contours.Curve("exact", PROBLEM.mean, exactCovariance()));
    for (Result result : results) {
      if (!result.name.equals("low-rank-3")) {
        curves.add(new Contours.Curve(result.name, result.q.mean(), result.q.covariance()));
      }
    }
    Files.writeString(folder.resolve("mean-field-limits.svg"), Contours.svg(curves, 3, 4));
  }

  private static Result meanField() {
    return result("mean-field", units -> new VariationalLinear(units, START), Optional.empty());
  }

  private static Result correlated(String name, Covariance covariance) {
    return result(
        name, units -> new CorrelatedLinear(units, covariance, START), Optional.of(covariance));
  }

  private static Result result(
      String name, IntFunction<Layer> layer, Optional<Covariance> covariance) {
    Network network =
        Mlp.of(
            FEATURES,
            List.of(),
            Function.RELU,
            new Likelihood.GaussianKnown(1, PROBLEM.noise),
            new Prior.Gaussian(PROBLEM.prior),
            layer,
            layer);
    float[] ones = new float[FEATURES];
    Arrays.fill(ones, 1);
    Model model =
        new Model(
            network,
            new Normalization(new Standardization(new float[FEATURES], ones), Optional.empty()));
    Training training =
        Training.of(STEPS, PROBLEM.y.length, 0.01, 1)
            .with(Objective.of(new Sampling(Estimator.NAIVE, SAMPLES, true), 1, 0));
    try (Device device = new CpuDevice(1);
        Trainer trainer = new Trainer(device, model, training, examples(), Optional.empty())) {
      while (trainer.step() < STEPS / 2) {
        trainer.oneStep();
      }
      long start = System.nanoTime(); // the first half is slower, until Java has compiled it
      while (!trainer.finished()) {
        trainer.oneStep();
      }
      double microseconds = (System.nanoTime() - start) * 2e-3 / STEPS;
      DenseGaussian q =
          covariance
              .map(kind -> DenseGaussian.of(kind, trainer.buffers(), 1, FEATURES))
              .orElseGet(() -> DenseGaussian.meanField(trainer.buffers(), 1, FEATURES));
      int parameters =
          trainer.buffers().entrySet().stream()
              .filter(entry -> !entry.getKey().contains(".adam_"))
              .mapToInt(entry -> free(entry.getKey(), entry.getValue()))
              .sum();
      return new Result(name, parameters, q, microseconds);
    }
  }

  /** The numbers of a parameter that count: of a Cholesky factor those below the diagonal. */
  private static int free(String name, Buffer buffer) {
    int elements = buffer.shape().elements();
    int rows = buffer.shape().rows();
    return name.endsWith("cholesky") ? rows * (rows - 1) / 2 : elements;
  }

  private static Examples examples() {
    float[] inputs = new float[PROBLEM.y.length * FEATURES];
    float[] targets = new float[PROBLEM.y.length];
    for (int n = 0; n < targets.length; n++) {
      for (int i = 0; i < FEATURES; i++) {
        inputs[n * FEATURES + i] = (float) PROBLEM.x[n][i];
      }
      targets[n] = (float) PROBLEM.y[n];
    }
    return new Examples(FEATURES, inputs, targets);
  }

  private static List<String> row(Result result) {
    double gap = result.q.kl(PROBLEM.mean, PROBLEM.precision);
    double[][] exact = exactCovariance();
    double ratio = 0;
    for (int i = 0; i < exact.length; i++) {
      ratio += Math.sqrt(result.q.covariance()[i][i] / exact[i][i]) / exact.length;
    }
    return List.of(
        result.name,
        String.valueOf(result.parameters),
        format("%.4f", PROBLEM.logEvidence() - gap),
        format("%.4f", PROBLEM.logEvidence()),
        format("%.5f", gap),
        best(result.name),
        format("%.3f", ratio),
        format("%.0f", result.microseconds));
  }

  /** What the best q of the kind leaves, where it is known. */
  private static String best(String name) {
    if (!name.equals("mean-field")) {
      return name.equals("full") ? "0" : "";
    }
    double[] variance = new double[PROBLEM.weights()];
    Arrays.setAll(variance, PROBLEM::meanFieldVariance);
    return format("%.5f", PROBLEM.klToPosterior(PROBLEM.mean, variance));
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }

  private static double[][] exactCovariance() {
    return DenseGaussian.inverse(PROBLEM.precision);
  }
}
