package dev.elbo.bench;

import dev.elbo.data.Examples;
import dev.elbo.data.Split;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.Evaluation;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Objective;
import dev.elbo.inference.Optimizer;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Mean-field variational inference on the UCI sets: one hidden layer of 50 ReLU units, standard
 * splits. For each split a candidate is chosen by its validation log-likelihood, training on 80 % of
 * the split's training rows; the chosen one is then trained on all of them. Test rows are read once,
 * for the table.
 */
public final class Uci {
  private static final int STEPS = 20_000;
  private static final int BATCH = 32;
  private static final int TEST_SAMPLES = 500;
  private static final double VALIDATION_FRACTION = 0.2;

  private Uci() {}

  /** What is chosen on validation rows. */
  private record Candidate(String name, Likelihood likelihood, Prior prior, double rate) {}

  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate(
              "learned noise, Normal(0, 1)",
              new Likelihood.GaussianLearned(1, 0.3),
              new Prior.Gaussian(1),
              0.01),
          new Candidate(
              "learned noise, learned prior",
              new Likelihood.GaussianLearned(1, 0.3),
              new Prior.LearnedGaussian(0.5),
              0.01),
          new Candidate(
              "heteroscedastic, Normal(0, 1)",
              new Likelihood.GaussianHeteroscedastic(1),
              new Prior.Gaussian(1),
              0.01),
          new Candidate(
              "heteroscedastic, learned prior",
              new Likelihood.GaussianHeteroscedastic(1),
              new Prior.LearnedGaussian(0.5),
              0.01));

  /** Arguments: the folder of the sets, the file to write, then optionally names of sets. */
  public static void main(String[] args) throws IOException {
    List<String> rows = new ArrayList<>();
    rows.add("dataset,split,candidate,validation_log_likelihood,test_rmse,test_log_likelihood");
    List<Path> folders = new ArrayList<>();
    try (var all = Files.list(Path.of(args[0]))) {
      all.filter(Files::isDirectory).sorted().forEach(folders::add);
    }
    int splits = Integer.getInteger("elbo.bench.splits", 20);
    try (Device device = new CpuDevice(1)) {
      for (Path folder : folders) {
        UciSet set = UciSet.read(folder);
        if (args.length <= 2 || List.of(args).subList(2, args.length).contains(set.name())) {
          for (int split = 0; split < splits; split++) {
            rows.add(row(device, set, split));
            System.out.println(rows.getLast());
          }
        }
      }
    }
    Files.write(Path.of(args[1]), rows);
  }

  private static String row(Device device, UciSet set, int split) {
    Examples train = set.examples().select(set.splits().get(split).train());
    Examples test = set.examples().select(set.splits().get(split).test());
    Split held = Split.of(split, train.size(), VALIDATION_FRACTION);
    Examples fit = train.select(held.training());
    Examples validation = train.select(held.validation());
    Candidate best = CANDIDATES.getFirst();
    double bestScore = Double.NEGATIVE_INFINITY;
    for (Candidate candidate : CANDIDATES) {
      double score = -evaluate(device, candidate, fit, validation, split).nll();
      if (Boolean.getBoolean("elbo.bench.verbose")) {
        System.out.printf(Locale.ROOT, "  %s: %.4f%n", candidate.name(), score);
      }
      if (score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    Evaluation result = evaluate(device, best, train, test, split);
    return String.format(
        Locale.ROOT,
        "%s,%d,\"%s\",%.6f,%.6f,%.6f",
        set.name(),
        split,
        best.name(),
        bestScore,
        result.metrics().get("rmse"),
        -result.nll());
  }

  private static Evaluation evaluate(
      Device device, Candidate candidate, Examples train, Examples test, long seed) {
    Model model =
        new Model(
            Mlp.variational(
                train.features(),
                List.of(50),
                Function.RELU,
                candidate.likelihood(),
                candidate.prior(),
                new GaussianPosterior(-3)),
            new Normalization(
                Standardization.perFeature(train), Optional.of(Standardization.targets(train))));
    int epochs = Math.max(1, Math.toIntExact((long) STEPS * BATCH / train.size()));
    Training training =
        new Training(
            epochs,
            BATCH,
            seed,
            new Objective(new Sampling(Estimator.LOCAL, 1, false), 1, 0),
            Optimizer.Adam.of(candidate.rate()),
            new RateSchedule.Cosine(0),
            Optional.empty(),
            Optional.empty());
    try (Trainer trainer = new Trainer(device, model, training, train, Optional.empty())) {
      while (!trainer.finished()) {
        trainer.oneStep();
      }
      return new Predictor(device, model, trainer.buffers(), TEST_SAMPLES, seed).evaluate(test);
    }
  }
}
