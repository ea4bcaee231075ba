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
import dev.elbo.inference.NonFiniteException;
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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Mean-field variational inference on the UCI sets: one hidden layer of 50 ReLU units, standard
 * splits. For each split a candidate is chosen by its validation log-likelihood, training on 80 %
 * of the split's training rows; the chosen one is then trained on all of them. Test rows are read
 * once, for the table.
 */
public final class Uci {
  private static final int BATCH = 32;
  private static final int TEST_SAMPLES = 500;

  private static final double VALIDATION_FRACTION = 0.2;

  private Uci() {}

  /** What is chosen on validation rows. */
  private record Candidate(String name, Likelihood likelihood, Prior prior, int steps) {}

  private record Scored(Candidate candidate, double validation) {}

  private static final Likelihood HETEROSCEDASTIC = new Likelihood.GaussianHeteroscedastic(1);
  private static final Prior NORMAL = new Prior.Gaussian(1);

  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate("heteroscedastic", HETEROSCEDASTIC, NORMAL, 20_000),
          new Candidate("heteroscedastic long", HETEROSCEDASTIC, NORMAL, 60_000),
          new Candidate(
              "heteroscedastic scale mixture",
              HETEROSCEDASTIC,
              new Prior.ScaleMixture(0.5, 1, 0.1),
              20_000));

  /** Arguments: the folder of the sets, then optionally names of sets. */
  public static void main(String[] args) throws IOException {
    List<UciResult> results = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    try (var all = Files.list(Path.of(args[0]))) {
      all.filter(Files::isDirectory).sorted().forEach(folders::add);
    }
    List<String> wanted = List.of(args).subList(1, args.length);
    try (Device device = new CpuDevice(1)) {
      for (Path folder : folders) {
        UciSet set = UciSet.read(folder);
        if (wanted.isEmpty() || wanted.contains(set.name())) {
          for (int split = 0; split < set.splits().size(); split++) {
            results.add(result(device, set, split));
            System.out.println(results.getLast());
          }
        }
      }
    }
    Path folder = Path.of(System.getProperty("bench.results"));
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    List<List<String>> rows = results.stream().map(UciResult::cells).toList();
    new ResultsFile(folder.resolve("uci-splits.csv"), UciResult.HEADER).append(rows, provenance);
    UciTable table = UciTable.of(results, Path.of("bench/published/uci.csv"));
    new ResultsFile(folder.resolve("uci.csv"), UciTable.HEADER).append(table.rows(), provenance);
    table.rows().forEach(row -> System.out.println(String.join(" | ", row)));
  }

  private static UciResult result(Device device, UciSet set, int split) {
    Examples train = set.examples().select(set.splits().get(split).train());
    Examples test = set.examples().select(set.splits().get(split).test());
    Split held = Split.of(split, train.size(), VALIDATION_FRACTION);
    Examples fit = train.select(held.training());
    Examples validation = train.select(held.validation());
    List<Scored> ranking = new ArrayList<>();
    for (Candidate candidate : CANDIDATES) {
      evaluate(device, candidate, fit, validation, split)
          .ifPresent(e -> ranking.add(new Scored(candidate, -e.nll())));
    }
    ranking.sort(Comparator.comparingDouble(Scored::validation).reversed());
    for (Scored scored : ranking) {
      Optional<Evaluation> result = evaluate(device, scored.candidate(), train, test, split);
      if (result.isPresent()) {
        return new UciResult(
            set.name(),
            split,
            scored.candidate().name(),
            scored.validation(),
            result.get().metrics().get("rmse"),
            -result.get().nll());
      }
    }
    throw new IllegalStateException(set.name() + " split " + split + ": no candidate trains");
  }

  /** Empty where training does not stay finite: such a candidate is not chosen. */
  private static Optional<Evaluation> evaluate(
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
    int epochs = Math.max(1, Math.toIntExact((long) candidate.steps() * BATCH / train.size()));
    Training training =
        new Training(
            epochs,
            BATCH,
            seed,
            Objective.of(new Sampling(Estimator.LOCAL, 1, false), 1, 0),
            Optimizer.Adam.of(0.01),
            new RateSchedule.Cosine(0),
            Optional.empty(),
            Optional.empty());
    try (Trainer trainer = new Trainer(device, model, training, train, Optional.empty())) {
      while (!trainer.finished()) {
        trainer.oneStep();
      }
      Predictor predictor = new Predictor(device, model, trainer.buffers(), TEST_SAMPLES, seed);
      return Optional.of(predictor.evaluate(test));
    } catch (NonFiniteException e) {
      System.out.printf("%s: %s%n", candidate.name(), e.getMessage());
      return Optional.empty();
    }
  }
}
