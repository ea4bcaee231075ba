package dev.elbo.bench;

import dev.elbo.data.Dataset;
import dev.elbo.data.Examples;
import dev.elbo.data.IdxFolder;
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
import dev.elbo.inference.Predictions.Classes;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import dev.elbo.metric.Classification;
import dev.elbo.metric.OutOfDistribution;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * 784-400-400-10 on MNIST by every method that Elbo has: test error, calibration, and how well
 * entropy and mutual information tell the test set from that of Fashion-MNIST. Seconds of training
 * are those of the fastest step times the steps: other work on the machine counts little. Each row
 * is written when it is known.
 */
public final class MnistTable {
  private static final int BATCH = 128;
  private static final int SAMPLES = 32;
  private static final int MEMBERS = 5;
  private static final List<Integer> HIDDEN = List.of(400, 400);
  private static final Likelihood CLASSES = new Likelihood.Categorical(10);
  private static final List<String> HEADER =
      List.of(
          "method",
          "epochs",
          "samples",
          "error_percent",
          "nll",
          "ece",
          "ood_auroc_entropy",
          "ood_auroc_information",
          "seconds");

  private MnistTable() {}

  private record Method(
      String name, Network network, Optimizer optimizer, int epochs, int samples) {}

  private static List<Method> methods() {
    Optimizer adam = Optimizer.Adam.of(0.001);
    Optimizer ivon = new Optimizer.Ivon(0.2, 0.9, 0.9999, 0.1, 1e30, 1e-3);
    Prior gaussian = new Prior.Gaussian(1);
    // One of the settings of Blundell et al.: pi 1/2, -log sigma1 0, -log sigma2 6.
    Prior mixture = new Prior.ScaleMixture(0.5, 1, Math.exp(-6));
    Network point = Mlp.deterministic(784, HIDDEN, Function.RELU, CLASSES);
    Network dropout = Mlp.dropout(784, HIDDEN, Function.RELU, CLASSES, 0.5).withPointPrior(1);
    Network last =
        Mlp.lastLayer(784, HIDDEN, Function.RELU, CLASSES, gaussian, GaussianPosterior.DEFAULT);
    return List.of(
        new Method("deterministic", point, adam, 20, 1),
        new Method("mean-field, Gaussian prior", meanField(gaussian), adam, 20, SAMPLES),
        new Method("mean-field, scale mixture", meanField(mixture), adam, 60, SAMPLES),
        new Method("IVON", meanField(gaussian), ivon, 20, SAMPLES),
        new Method("MC dropout", dropout, adam, 30, SAMPLES),
        new Method("ensemble of 5", point.ensemble(MEMBERS), adam, 20, MEMBERS),
        new Method("variational last layer", last, adam, 20, SAMPLES));
  }

  private static Network meanField(Prior prior) {
    return Mlp.variational(784, HIDDEN, Function.RELU, CLASSES, prior, GaussianPosterior.DEFAULT);
  }

  /**
   * Arguments: the folder of MNIST, the folder of Fashion-MNIST, then the names of methods; none
   * means all.
   */
  public static void main(String[] args) throws IOException {
    Dataset data = IdxFolder.read(Path.of(args[0]), "mnist", false);
    Examples fashion = IdxFolder.read(Path.of(args[1]), data.schema());
    List<String> chosen = List.of(args).subList(2, args.length);
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("Mnist.csv");
    ResultsFile results = new ResultsFile(file, HEADER);
    try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors())) {
      for (Method method : methods()) {
        if (chosen.isEmpty() || chosen.contains(method.name())) {
          List<String> row = row(device, method, data, fashion);
          results.append(List.of(row), provenance);
          System.out.println(String.join(" ", row));
        }
      }
    }
  }

  private static List<String> row(Device device, Method method, Dataset data, Examples fashion) {
    Standardization pixels = Standardization.global(data.train());
    Model model = new Model(method.network(), new Normalization(pixels, Optional.empty()));
    Training training =
        new Training(
            method.epochs(),
            BATCH,
            1,
            Objective.DEFAULT,
            method.optimizer(),
            new RateSchedule.Cosine(0),
            Optional.empty(),
            Optional.empty());
    double fastest = Double.POSITIVE_INFINITY;
    try (Trainer trainer = new Trainer(device, model, training, data.train(), Optional.empty())) {
      while (!trainer.finished()) {
        long start = System.nanoTime();
        trainer.oneStep();
        fastest = Math.min(fastest, (System.nanoTime() - start) * 1e-9);
      }
      Predictor predictor = new Predictor(device, model, trainer.buffers(), method.samples(), 1);
      Examples test = data.test().orElseThrow();
      Classes inside = (Classes) predictor.predict(test);
      Classes outside = (Classes) predictor.predict(fashion);
      Map<String, Double> metrics = Evaluation.of(inside, test).metrics();
      double entropy = OutOfDistribution.auroc(entropy(inside), entropy(outside));
      double information = OutOfDistribution.auroc(information(inside), information(outside));
      return List.of(
          method.name(),
          String.valueOf(method.epochs()),
          String.valueOf(method.samples()),
          format("%.2f", 100 * (1 - metrics.get("accuracy"))),
          format("%.4f", metrics.get("nll")),
          format("%.4f", metrics.get("ece")),
          format("%.4f", entropy),
          method.samples() == 1 ? "" : format("%.4f", information),
          format("%.0f", fastest * trainer.steps()));
    }
  }

  private static double[] entropy(Classes predictions) {
    return Classification.entropy(predictions.logProbabilities());
  }

  private static double[] information(Classes predictions) {
    double[] information = entropy(predictions);
    for (int i = 0; i < information.length; i++) {
      information[i] -= predictions.expectedEntropy()[i];
    }
    return information;
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
