package dev.elbo.bench;

import dev.elbo.data.BuiltIn;
import dev.elbo.data.Dataset;
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
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * 784-400-400-10 on Fashion-MNIST, 20 epochs of 60,000: point estimate, mean-field by Adam, and
 * IVON.
 *
 * <p>Learning rates and IVON's first Hessian were chosen on the last tenth of a shuffled training
 * set ({@code validation} as the last argument shows those numbers); the table is of the test set.
 */
public final class FashionMnist {
  private static final int EPOCHS = 20;
  private static final int BATCH = 128;
  private static final int SAMPLES = 32;
  private static final double HELD_OUT = 0.1;
  private static final List<String> HEADER =
      List.of("method", "evaluated_on", "epochs", "accuracy", "nll", "ece", "brier", "seconds");

  private FashionMnist() {}

  private record Method(String name, boolean bayesian, Prior prior, Optimizer optimizer) {}

  private static final List<Method> METHODS =
      List.of(
          new Method("deterministic", false, new Prior.Gaussian(1), Optimizer.Adam.of(0.001)),
          new Method("mean-field", true, new Prior.Gaussian(1), Optimizer.Adam.of(0.001)),
          new Method(
              "mean-field, scale mixture",
              true,
              new Prior.ScaleMixture(0.5, 1, Math.exp(-6)),
              Optimizer.Adam.of(0.001)),
          new Method("ivon", true, new Prior.Gaussian(1), ivon(0.2, 0.1)));

  /** What IVON's settings do, on held-out training rows: the row above is the best of these. */
  private static final List<Method> IVON_SETTINGS =
      List.of(
          setting(0.2, 0.1, 1),
          setting(0.2, 0.02, 1),
          setting(0.2, 0.3, 1),
          setting(0.1, 0.1, 1),
          setting(0.1, 0.05, 1),
          setting(0.05, 0.1, 1),
          setting(0.5, 0.1, 1),
          setting(0.2, 0.1, 0.3),
          setting(0.2, 0.1, 0.1));

  private static Method setting(double rate, double hessianInit, double priorScale) {
    return new Method(
        "ivon, rate %s, first Hessian %s, prior scale %s".formatted(rate, hessianInit, priorScale),
        true,
        new Prior.Gaussian(priorScale),
        ivon(rate, hessianInit));
  }

  /** 9000 steps are short for the paper's beta2: the Hessian averages 10000 of them. */
  private static Optimizer ivon(double rate, double hessianInit) {
    return new Optimizer.Ivon(rate, 0.9, 0.9999, hessianInit, 1e30, 1e-3);
  }

  /** Arguments: the folder of the data set, then optionally "validation". */
  public static void main(String[] args) throws IOException {
    Dataset data = new BuiltIn(List.of(Path.of(args[0])), Optional.empty()).open("fashion-mnist");
    boolean validation = args.length > 1 && args[1].equals("validation");
    Examples train = data.train();
    Examples test = data.test().orElseThrow();
    if (validation) {
      Split split = Split.of(1, train.size(), HELD_OUT);
      test = train.select(split.validation());
      train = train.select(split.training());
    }
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("FashionMnist.csv");
    ResultsFile results = new ResultsFile(file, HEADER);
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors())) {
      List<Method> methods = new ArrayList<>(METHODS);
      if (validation) {
        methods.addAll(IVON_SETTINGS);
      }
      for (Method method : methods) {
        List<String> row = row(device, method, train, test, validation ? "validation" : "test");
        results.append(List.of(row), provenance);
        System.out.println(String.join(" ", row));
      }
    }
  }

  private static List<String> row(
      Device device, Method method, Examples train, Examples test, String evaluatedOn) {
    List<Integer> hidden = List.of(400, 400);
    Likelihood classes = new Likelihood.Categorical(10);
    Network network =
        method.bayesian()
            ? Mlp.variational(
                784, hidden, Function.RELU, classes, method.prior(), GaussianPosterior.DEFAULT)
            : Mlp.deterministic(784, hidden, Function.RELU, classes);
    Model model =
        new Model(network, new Normalization(Standardization.global(train), Optional.empty()));
    Training training =
        new Training(
            EPOCHS,
            BATCH,
            1,
            Objective.DEFAULT,
            method.optimizer(),
            new RateSchedule.Cosine(0),
            Optional.empty(),
            Optional.empty());
    long start = System.nanoTime();
    try (Trainer trainer = new Trainer(device, model, training, train, Optional.empty())) {
      while (!trainer.finished()) {
        trainer.epochOfSteps();
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      int samples = method.bayesian() ? SAMPLES : 1;
      Evaluation result =
          new Predictor(device, model, trainer.buffers(), samples, 1).evaluate(test);
      Map<String, Double> metrics = result.metrics();
      return List.of(
          method.name(),
          evaluatedOn,
          String.valueOf(EPOCHS),
          four(metrics.get("accuracy")),
          four(metrics.get("nll")),
          four(metrics.get("ece")),
          four(metrics.get("brier")),
          String.format(Locale.ROOT, "%.1f", seconds));
    }
  }

  private static String four(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
