package dev.elbo.bench;

import dev.elbo.data.BuiltIn;
import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.GradientMoments;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The variance of each estimator's gradient, summed over the weights of a 64-100-10 network on 128
 * digits: at initialisation and after training.
 */
public final class EstimatorVariance {
  private static final int BATCH = 128;
  private static final int RUNS = 1000;
  private static final List<String> HEADER =
      List.of(
          "network",
          "batch",
          "epochs",
          "estimator",
          "samples",
          "antithetic",
          "variance_mu",
          "variance_log_sigma",
          "mu_over_naive",
          "log_sigma_over_naive");

  private EstimatorVariance() {}

  /** Measures and writes bench/results/EstimatorVariance.csv. */
  public static void main(String[] args) throws IOException {
    Examples digits = new BuiltIn(List.of(), Optional.empty()).open("digits").train();
    Model model =
        new Model(
            Mlp.variational(
                64,
                List.of(100),
                Function.RELU,
                new Likelihood.Categorical(10),
                new Prior.Gaussian(1),
                GaussianPosterior.DEFAULT),
            new Normalization(Standardization.global(digits), Optional.empty()));
    Examples batch = model.normalization().apply(digits, 0, BATCH);
    List<List<String>> rows = new ArrayList<>();
    try (Device device = new CpuDevice(2)) {
      for (int epochs : new int[] {0, 30}) {
        rows.addAll(rows(device, model, parameters(device, model, digits, epochs), batch, epochs));
      }
    }
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("EstimatorVariance.csv");
    new ResultsFile(file, HEADER).append(rows, provenance);
    rows.forEach(row -> System.out.println(String.join(" ", row)));
  }

  private static List<List<String>> rows(
      Device device, Model model, Map<String, float[]> parameters, Examples batch, int epochs) {
    List<List<String>> rows = new ArrayList<>();
    double naiveMu = 0;
    double naiveLogSigma = 0;
    for (Estimator estimator : Estimator.values()) {
      for (Sampling sampling :
          List.of(
              new Sampling(estimator, 1, false),
              new Sampling(estimator, 2, false),
              new Sampling(estimator, 2, true))) {
        GradientMoments moments =
            GradientMoments.of(device, model.network(), sampling, parameters, batch, RUNS);
        double mu = moments.totalVariance("weight.mu");
        double logSigma = moments.totalVariance("weight.log_sigma");
        if (rows.isEmpty()) {
          naiveMu = mu;
          naiveLogSigma = logSigma;
        }
        rows.add(
            List.of(
                "64-100-10",
                String.valueOf(BATCH),
                String.valueOf(epochs),
                estimator.name().toLowerCase(Locale.ROOT),
                String.valueOf(sampling.samples()),
                String.valueOf(sampling.antithetic()),
                String.format(Locale.ROOT, "%.4g", mu),
                String.format(Locale.ROOT, "%.4g", logSigma),
                String.format(Locale.ROOT, "%.3f", mu / naiveMu),
                String.format(Locale.ROOT, "%.3f", logSigma / naiveLogSigma)));
      }
    }
    return rows;
  }

  /** mu and log_sigma after a number of epochs, 0 for their first values. */
  private static Map<String, float[]> parameters(
      Device device, Model model, Examples digits, int epochs) {
    Training training = Training.of(Math.max(1, epochs), 64, 0.005, 1);
    try (Trainer trainer = new Trainer(device, model, training, digits, Optional.empty())) {
      while (epochs > 0 && !trainer.finished()) {
        trainer.oneStep();
      }
      Map<String, float[]> parameters = new HashMap<>();
      for (Map.Entry<String, Buffer> entry : trainer.buffers().entrySet()) {
        if (entry.getKey().endsWith(".mu") || entry.getKey().endsWith(".log_sigma")) {
          float[] values = new float[entry.getValue().shape().elements()];
          entry.getValue().read(values);
          parameters.put(entry.getKey(), values);
        }
      }
      return parameters;
    }
  }
}
