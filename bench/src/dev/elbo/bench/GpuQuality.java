package dev.elbo.bench;

import dev.elbo.data.BuiltIn;
import dev.elbo.data.Dataset;
import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.Evaluation;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whole trainings on the CPU and on the card from one seed: the card has to reach the CPU's quality
 * on the test set, in both precisions.
 */
public final class GpuQuality {
  private static final int SAMPLES = 32;
  private static final double RATE = 0.002;

  /** One standard error of the accuracy on digits' 1797 test images is 0.004. */
  private static final double ACCURACY = 0.01;

  private static final double NLL = 0.02;
  private static final List<String> HEADER =
      List.of("data", "device", "epochs", "accuracy", "nll", "elbo", "seconds");

  private GpuQuality() {}

  private record Task(
      String data, Examples train, Examples test, List<Integer> hidden, int batch, int epochs) {}

  private record Outcome(double accuracy, double nll, double elbo, double seconds) {
    List<String> cells() {
      return List.of(
          String.format(Locale.ROOT, "%.4f", accuracy),
          String.format(Locale.ROOT, "%.4f", nll),
          String.format(Locale.ROOT, "%.4f", elbo),
          String.format(Locale.ROOT, "%.1f", seconds));
    }
  }

  /** Arguments: epochs on digits; pixels, training images and epochs of the synthetic set. */
  public static void main(String[] args) throws IOException {
    EmulatedDriver.load();
    List<List<String>> rows = new ArrayList<>();
    Dataset digits = new BuiltIn(List.of(), Optional.empty()).open("digits");
    Task small =
        new Task(
            "digits",
            digits.train(),
            digits.test().orElseThrow(),
            List.of(100),
            64,
            Integer.parseInt(args[0]));
    SyntheticImages images = new SyntheticImages(Integer.parseInt(args[1]));
    int count = Integer.parseInt(args[2]);
    Task large =
        new Task(
            "synthetic",
            images.draw(count),
            images.draw(count / 6),
            List.of(400, 400),
            128,
            Integer.parseInt(args[3]));
    boolean good = compare(small, rows);
    good &= compare(large, rows);
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve("GpuQuality.csv");
    new ResultsFile(file, HEADER).append(rows, provenance);
    if (!good) {
      System.out.println("the card does not reach the CPU's quality");
      System.exit(1);
    }
  }

  private static boolean compare(Task task, List<List<String>> rows) {
    int processors = Runtime.getRuntime().availableProcessors();
    Outcome cpu = train(new CpuDevice(processors), task);
    print(task, "cpu", cpu, rows);
    boolean good = true;
    for (Precision precision : Precision.values()) {
      Outcome card = train(new CudaDevice(0, precision), task);
      print(task, "cuda " + precision.name().toLowerCase(Locale.ROOT), card, rows);
      good &= card.accuracy >= cpu.accuracy - ACCURACY && card.nll <= cpu.nll + NLL;
    }
    return good;
  }

  private static void print(Task task, String device, Outcome outcome, List<List<String>> rows) {
    List<String> row = new ArrayList<>(List.of(task.data, device, String.valueOf(task.epochs)));
    row.addAll(outcome.cells());
    rows.add(row);
    System.out.printf("%-10s %-10s epochs %s accuracy %s nll %s elbo %s, %s s%n", row.toArray());
  }

  private static Outcome train(Device device, Task task) {
    Model model =
        new Model(
            Mlp.variational(
                task.train.features(),
                task.hidden,
                Function.RELU,
                new Likelihood.Categorical(10),
                new Prior.Gaussian(1),
                GaussianPosterior.DEFAULT),
            new Normalization(Standardization.global(task.train), Optional.empty()));
    Training training = Training.of(task.epochs, task.batch, RATE, 1);
    long start = System.nanoTime();
    try (device;
        Trainer trainer = new Trainer(device, model, training, task.train, Optional.empty())) {
      double elbo = 0;
      while (!trainer.finished()) {
        elbo = trainer.epochOfSteps().elbo();
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      Evaluation test =
          new Predictor(device, model, trainer.buffers(), SAMPLES, 1).evaluate(task.test);
      return new Outcome(test.metrics().get("accuracy"), test.nll(), elbo, seconds);
    }
  }
}
