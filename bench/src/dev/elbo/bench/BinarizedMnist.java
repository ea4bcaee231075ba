package dev.elbo.bench;

import dev.elbo.data.BuiltIn;
import dev.elbo.data.Dataset;
import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.EpochReport;
import dev.elbo.inference.LatentBound;
import dev.elbo.inference.LatentEvaluator;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Objective;
import dev.elbo.inference.Optimizer;
import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Autoencoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Variational autoencoders on binarised MNIST as Burda et al. (2016), section 5.1: hidden layers of
 * 200-200. A row on the way is log p(x) of some validation examples, that at the end of test
 * examples; the file says of how many, and with how many importance samples.
 */
public final class BinarizedMnist {
  private static final int CURVE_EXAMPLES = 1000;
  private static final int CURVE_SAMPLES = 200;
  private static final int CURVE_POINTS = 10;
  private static final List<String> HEADER =
      List.of(
          "latent",
          "bound",
          "k",
          "activation",
          "rate",
          "batch",
          "epoch",
          "of_epochs",
          "train_bound",
          "evaluated_on",
          "examples",
          "importance_samples",
          "log_likelihood",
          "standard_error",
          "seconds");

  private final String settings;
  private final Device device;
  private final Model model;
  private final Training training;
  private final ResultsFile results;
  private final Provenance provenance;

  private BinarizedMnist(
      String settings,
      Device device,
      Model model,
      Training training,
      ResultsFile results,
      Provenance provenance) {
    this.settings = settings;
    this.device = device;
    this.model = model;
    this.training = training;
    this.results = results;
    this.provenance = provenance;
  }

  /**
   * Arguments: the folder of the data set, elbo|iwae|dreg, k, latent sizes as 50 or 100,50, batch,
   * epochs, the number of test examples, importance samples for them, tanh|relu|gelu, the learning
   * rate.
   */
  public static void main(String[] args) throws IOException {
    Dataset data = new BuiltIn(List.of(Path.of(args[0])), Optional.empty()).open("binarized-mnist");
    LatentBound bound = LatentBound.valueOf(args[1].toUpperCase(Locale.ROOT));
    int k = Integer.parseInt(args[2]);
    List<Integer> latents = Arrays.stream(args[3].split(",")).map(Integer::valueOf).toList();
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("BinarizedMnist.csv");
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors())) {
      new BinarizedMnist(
              "%s %s %d %s %s %s"
                  .formatted(args[3].replace(',', '-'), args[1], k, args[8], args[9], args[4]),
              device,
              model(data.train(), latents, Function.valueOf(args[8].toUpperCase(Locale.ROOT))),
              new Training(
                  Integer.parseInt(args[5]),
                  Integer.parseInt(args[4]),
                  1,
                  new Objective(new Sampling(Estimator.NAIVE, k, false), 1, 0, bound, 0),
                  Optimizer.Adam.of(Double.parseDouble(args[9])),
                  new RateSchedule.Cosine(0),
                  Optional.empty(),
                  Optional.empty()),
              new ResultsFile(file, HEADER),
              provenance)
          .run(data, Integer.parseInt(args[6]), Integer.parseInt(args[7]));
    }
  }

  private static Model model(Examples train, List<Integer> latents, Function activation) {
    Network network =
        Autoencoder.of(
            train.features(),
            List.of(200, 200),
            latents,
            activation,
            new Likelihood.Bernoulli(train.features()),
            Optional.empty(),
            new Prior.Gaussian(1));
    Standardization pixels = Standardization.scale(train.features(), 1);
    return new Model(network, new Normalization(pixels, Optional.empty()));
  }

  private void run(Dataset data, int testExamples, int testSamples) throws IOException {
    Examples curve = first(data.validation().orElseThrow(), CURVE_EXAMPLES);
    Examples test = first(data.test().orElseThrow(), testExamples);
    double seconds = 0;
    int every = Math.ceilDiv(training.epochs(), CURVE_POINTS);
    try (Trainer trainer = new Trainer(device, model, training, data.train(), Optional.empty())) {
      while (!trainer.finished()) {
        long start = System.nanoTime();
        EpochReport epoch = trainer.epochOfSteps();
        seconds += (System.nanoTime() - start) * 1e-9;
        if (epoch.epoch() == 1 || epoch.epoch() % every == 0) {
          write(trainer, epoch, "validation", curve, CURVE_SAMPLES, seconds);
        }
        if (trainer.finished()) {
          write(trainer, epoch, "test", test, testSamples, seconds);
        }
      }
    }
  }

  /** Rows all over the file, as the published test rows are not shuffled. */
  private static Examples first(Examples examples, int count) {
    int stride = Math.max(1, examples.size() / count);
    return examples.select(
        IntStream.range(0, Math.min(count, examples.size())).map(i -> i * stride).toArray());
  }

  private void write(
      Trainer trainer, EpochReport epoch, String part, Examples on, int samples, double seconds)
      throws IOException {
    double[] logs =
        new LatentEvaluator(device, model, trainer.buffers(), 1)
            .logLikelihood(on, samples, done -> {});
    double mean = Arrays.stream(logs).average().orElseThrow();
    double squares = Arrays.stream(logs).map(x -> (x - mean) * (x - mean)).sum();
    double error = Math.sqrt(squares / (logs.length - 1) / logs.length);
    List<String> row = new ArrayList<>(List.of(settings.split(" ")));
    row.addAll(
        List.of(
            String.valueOf(epoch.epoch()),
            String.valueOf(training.epochs()),
            two(epoch.elbo()),
            part,
            String.valueOf(on.size()),
            String.valueOf(samples),
            two(mean),
            two(error),
            String.format(Locale.ROOT, "%.0f", seconds)));
    results.append(List.of(row), provenance);
    System.out.println(String.join(" ", row));
  }

  private static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
