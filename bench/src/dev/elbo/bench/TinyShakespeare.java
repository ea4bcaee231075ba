package dev.elbo.bench;

import dev.elbo.data.Dataset;
import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.data.TextReader;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Prior;
import dev.elbo.inference.EpochReport;
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
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Transformer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A transformer of 4 layers, width 128 and 4 heads on Tiny Shakespeare, its first 90 % to train
 * with and its last 10 % to evaluate on: weights as points, with a mean-field posterior by Adam,
 * and by IVON. The rows of a run are its curve, on the first characters of the last 10 %; the last
 * row is on all of them.
 */
public final class TinyShakespeare {
  private static final int LAYERS = 4;
  private static final int WIDTH = 128;
  private static final int HEADS = 4;
  private static final Sampling NAIVE = new Sampling(Estimator.NAIVE, 1, false);
  private static final double WARMUP = 0.05;
  private static final int CURVE_CHARACTERS = 8192;
  private static final List<String> HEADER =
      List.of(
          "method",
          "context",
          "batch",
          "rate",
          "kl_weight",
          "parameters",
          "epoch",
          "of_epochs",
          "steps",
          "seconds",
          "train_nll",
          "kl_per_character",
          "characters",
          "samples",
          "nll_mean_network",
          "nll_one_sample",
          "nll_average",
          "ece",
          "accuracy");

  /** How weights are learned. */
  private record Method(boolean bayesian, Prior prior, double sigma, Optimizer optimizer) {
    static Method of(String name, double rate) {
      Optimizer adam = Optimizer.Adam.of(rate);
      return switch (name) {
        case "deterministic" -> new Method(false, new Prior.Gaussian(1), 1, adam);
        case "mean-field" -> new Method(true, new Prior.LearnedGaussian(0.1), 0.01, adam);
        case "ivon" -> new Method(true, new Prior.Gaussian(1), 1, ivon(rate));
        default -> throw new IllegalArgumentException("no method " + name);
      };
    }

    /** A few thousand steps are short for the paper's beta2. */
    private static Optimizer ivon(double rate) {
      return new Optimizer.Ivon(rate, 0.9, 0.9995, 0.01, 1e30, 2e-3);
    }
  }

  private final String name;
  private final Device device;
  private final Model model;
  private final Training training;
  private final int samples;
  private final ResultsFile results;
  private final Provenance provenance;

  private TinyShakespeare(String name, Device device, Model model, Training training, int samples)
      throws IOException {
    this.name = name;
    this.device = device;
    this.model = model;
    this.training = training;
    this.samples = samples;
    Path folder = Path.of(System.getProperty("bench.results"));
    results = new ResultsFile(folder.resolve("TinyShakespeare.csv"), HEADER);
    provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
  }

  /**
   * Arguments: the file input.txt.gz, deterministic|mean-field|ivon, epochs, the characters of a
   * window, the windows of a batch, the learning rate, the weight of the KL.
   */
  public static void main(String[] args) throws IOException {
    Dataset data = TextReader.read(Path.of(args[0]), Optional.empty());
    Method method = Method.of(args[1], Double.parseDouble(args[5]));
    int context = Integer.parseInt(args[3]);
    Transformer.Size size =
        new Transformer.Size(data.schema().classes().size(), context, LAYERS, WIDTH, HEADS);
    Network network =
        method.bayesian()
            ? Transformer.variational(
                size, method.prior(), new GaussianPosterior(Math.log(method.sigma())))
            : Transformer.deterministic(size);
    Model model =
        new Model(network, new Normalization(Standardization.scale(1, 1), Optional.empty()));
    Training training =
        new Training(
            Integer.parseInt(args[2]),
            Integer.parseInt(args[4]),
            1,
            Objective.of(NAIVE, Double.parseDouble(args[6]), 0),
            method.optimizer(),
            new RateSchedule.Cosine(WARMUP),
            Optional.empty(),
            Optional.empty());
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors())) {
      new TinyShakespeare(args[1], device, model, training, method.bayesian() ? 16 : 1).run(data);
    }
  }

  private void run(Dataset data) throws IOException {
    Examples all = data.test().orElseThrow();
    Examples part = all.select(IntStream.range(0, CURVE_CHARACTERS).toArray());
    double seconds = 0;
    try (Trainer trainer = new Trainer(device, model, training, data.train(), Optional.empty())) {
      while (!trainer.finished()) {
        long start = System.nanoTime();
        EpochReport epoch = trainer.epochOfSteps();
        seconds += (System.nanoTime() - start) * 1e-9;
        write(trainer, epoch, trainer.finished() ? all : part, seconds, data.train().size());
      }
    }
  }

  private void write(Trainer trainer, EpochReport epoch, Examples on, double seconds, int n)
      throws IOException {
    Evaluation evaluation =
        new Predictor(device, model, trainer.buffers(), samples, 1).evaluate(on);
    Map<String, Double> metrics = evaluation.metrics();
    List<String> row =
        new ArrayList<>(
            List.of(
                name,
                String.valueOf(model.network().observations().window()),
                String.valueOf(training.batch()),
                String.valueOf(training.optimizer().rate()),
                String.valueOf(training.objective().klWeight()),
                String.valueOf(parameters(trainer)),
                String.valueOf(epoch.epoch()),
                String.valueOf(training.epochs()),
                String.valueOf(trainer.step()),
                String.format(Locale.ROOT, "%.0f", seconds),
                four(epoch.nll()),
                four(epoch.kl() / n),
                String.valueOf(on.size()),
                String.valueOf(samples),
                four(metrics.getOrDefault("nll_mean_network", evaluation.nll())),
                four(evaluation.expectedNll()),
                four(evaluation.nll()),
                four(metrics.getOrDefault("ece", Double.NaN)),
                four(metrics.getOrDefault("accuracy", Double.NaN))));
    results.append(List.of(row), provenance);
    System.out.println(String.join(" ", row));
  }

  /** The weights; those that have a scale beside their mean count once. */
  private static int parameters(Trainer trainer) {
    return trainer.buffers().entrySet().stream()
        .filter(buffer -> !buffer.getKey().matches(".*\\.(log_sigma|adam_[mv]|ivon_[gh])"))
        .mapToInt(buffer -> buffer.getValue().shape().elements())
        .sum();
  }

  private static String four(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
