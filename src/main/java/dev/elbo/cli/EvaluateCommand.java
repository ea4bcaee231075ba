package dev.elbo.cli;

import dev.elbo.checkpoint.RecordJson;
import dev.elbo.data.Content;
import dev.elbo.data.Dataset;
import dev.elbo.data.Datasets;
import dev.elbo.data.Examples;
import dev.elbo.data.Schema;
import dev.elbo.data.Task;
import dev.elbo.device.Device;
import dev.elbo.inference.Evaluation;
import dev.elbo.inference.Predictions;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.Run;
import dev.elbo.layer.Observations;
import dev.elbo.metric.Classification;
import dev.elbo.metric.OutOfDistribution;
import dev.elbo.report.Metrics;
import dev.elbo.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elbo evaluate}: compares a model's predictions with known outcomes. */
@Command(
    name = "evaluate",
    description = "Compares the predictions of a trained model with known outcomes.",
    customSynopsis = "elbo evaluate DIR <data> [options]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
  private final Host host;

  @Mixin private final TrainedModel trained = new TrainedModel();

  @Option(
      names = "--train",
      description = "Take the training part of a built-in set or folder, not the test part")
  private boolean train;

  @Option(
      names = "--ood",
      paramLabel = "<data>",
      description = "Tell how well uncertainty sets the data apart from this other data")
  private Optional<String> ood = Optional.empty();

  @Option(
      names = "--importance-samples",
      paramLabel = "K",
      description =
          "Draws of the latent variables an example, by which log p(x) of a vae is estimated. "
              + "Default: --samples")
  private Optional<Integer> importanceSamples = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most that many examples, evenly from all over the data")
  private Optional<Integer> limit = Optional.empty();

  @Option(names = "--json", description = "Only the JSON on standard output, no table")
  private boolean json;

  @ArgGroup(validate = false, heading = "")
  private final DataFolders folders = new DataFolders();

  @ArgGroup(validate = false, heading = "%nDevice%n")
  private final DeviceOptions deviceOptions = new DeviceOptions();

  EvaluateCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    Run run = trained.read();
    importanceSamples.ifPresent(k -> Check.atLeast("--importance-samples", 1, k));
    limit.ifPresent(n -> Check.atLeast("--limit", 1, n));
    boolean latent = run.model().network().observations() instanceof Observations.Unlabelled;
    if (importanceSamples.isPresent() && !latent) {
      throw new IllegalArgumentException(
          "--importance-samples needs a model with latent variables (--model vae)");
    }
    if (ood.isPresent() && run.schema().task() != Task.CLASSIFICATION) {
      throw new IllegalArgumentException("--ood needs a model of classes, this one has none");
    }
    DeviceChoice choice = deviceOptions.choose();
    Datasets datasets = folders.datasets(host.variables());
    Examples all = train ? trainingPart(datasets, run.schema()) : test(datasets, run);
    Examples examples = limit.map(most -> Spread.of(all, most)).orElse(all);
    Optional<Examples> outside = ood.map(data -> datasets.inputs(data, run.schema()));
    try (Device device = deviceOptions.open(choice)) {
      if (!json) {
        host.tell(choice.about());
        if (examples.size() < all.size()) {
          host.tell("evaluating %d of %d examples".formatted(examples.size(), all.size()));
        }
      }
      if (latent) {
        int samples = trained.samples(run);
        new LatentReport(host, json, part(), samples, importanceSamples.orElse(samples))
            .tell(device, run, examples);
        return 0;
      }
      Predictor predictor = trained.predictor(device, run);
      Predictions predictions = predictor.predict(examples);
      Evaluation evaluation = predictor.evaluate(examples, predictions);
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("task", Metrics.name(run.schema().task()));
      report.put("device", device.name());
      report.put("samples", trained.samples(run));
      report.put("n", examples.size());
      report.put(part(), Metrics.numbers(evaluation.metrics()));
      List<String> lines = new ArrayList<>(new Table().row(part(), evaluation.metrics()).lines());
      outside.ifPresent(
          other -> {
            Map<String, Double> scores = scores(predictions, predictor.predict(other));
            report.put("ood", Metrics.numbers(scores));
            lines.addAll(new Table().row("ood", scores).lines());
          });
      if (!json) {
        host.tell(lines);
      }
      host.out().print(RecordJson.writePretty(report));
    }
    return 0;
  }

  private String part() {
    return train ? "train" : "test";
  }

  private Examples test(Datasets datasets, Run run) {
    return datasets.test(trained.data, run.schema());
  }

  private Examples trainingPart(Datasets datasets, Schema schema) {
    Optional<Task> unlabelled =
        Optional.of(schema.task()).filter(task -> task == Task.DENSITY_ESTIMATION);
    Dataset data =
        datasets.open(
            trained.data, new Datasets.Options(Optional.empty(), unlabelled, Optional.empty()));
    if (data.schema().content() instanceof Content.Table) {
      throw new IllegalArgumentException(
          "--train: a CSV file has no training part; "
              + trained.data
              + " is evaluated whole without it");
    }
    if (!data.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "%s: has %d inputs and %d classes, the model %d and %d"
              .formatted(
                  trained.data,
                  data.schema().features().size(),
                  data.schema().classes().size(),
                  schema.features().size(),
                  schema.classes().size()));
    }
    return data.train();
  }

  private static Map<String, Double> scores(Predictions inside, Predictions outside) {
    Uncertainty in = Uncertainty.of((Predictions.Classes) inside);
    Uncertainty out = Uncertainty.of((Predictions.Classes) outside);
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put("entropy_auroc", OutOfDistribution.auroc(in.entropy, out.entropy));
    scores.put("entropy_fpr95", OutOfDistribution.fprAt95Tpr(in.entropy, out.entropy));
    scores.put(
        "mutual_information_auroc", OutOfDistribution.auroc(in.information, out.information));
    scores.put(
        "mutual_information_fpr95", OutOfDistribution.fprAt95Tpr(in.information, out.information));
    return scores;
  }

  /** The entropy of the predictive of each example, and its mutual information with the weights. */
  private record Uncertainty(double[] entropy, double[] information) {
    static Uncertainty of(Predictions.Classes predictions) {
      double[] entropy = Classification.entropy(predictions.logProbabilities());
      double[] information = entropy.clone();
      for (int i = 0; i < information.length; i++) {
        information[i] -= predictions.expectedEntropy()[i];
      }
      return new Uncertainty(entropy, information);
    }
  }
}
