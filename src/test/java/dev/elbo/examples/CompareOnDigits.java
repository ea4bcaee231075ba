package dev.elbo.examples;

import dev.elbo.data.BuiltIn;
import dev.elbo.data.Dataset;
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
import dev.elbo.inference.Predictor;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;

/** The second example of the README: an ensemble, dropout and a Bayesian last layer on digits. */
final class CompareOnDigits {
  private CompareOnDigits() {}

  // example
  public static void main(String[] args) {
    List<Integer> hidden = List.of(100);
    Likelihood classes = new Likelihood.Categorical(10);
    Network point = Mlp.deterministic(64, hidden, Function.RELU, classes);
    print("point", point, 1);
    print("ensemble", point.ensemble(5), 5);
    Network dropout = Mlp.dropout(64, hidden, Function.RELU, classes, /* probability */ 0.5);
    print("dropout", dropout.withPointPrior(/* scale */ 1), 50);
    Prior prior = new Prior.Gaussian(1);
    Network last =
        Mlp.lastLayer(64, hidden, Function.RELU, classes, prior, GaussianPosterior.DEFAULT);
    print("last layer", last, 50);
  }

  private static void print(String name, Network network, int samples) {
    Dataset digits = new BuiltIn(List.of(), Optional.empty()).open("digits");
    Standardization pixels = Standardization.global(digits.train());
    Model model = new Model(network, new Normalization(pixels, Optional.empty()));
    Training training = Training.of(/* epochs */ 30, /* batch */ 64, /* rate */ 0.005, 1);
    try (Device device = new CpuDevice(2);
        Trainer trainer = new Trainer(device, model, training, digits.train(), Optional.empty())) {
      while (!trainer.finished()) {
        trainer.epochOfSteps();
      }
      Predictor predictor = new Predictor(device, model, trainer.buffers(), samples, 1);
      Evaluation test = predictor.evaluate(digits.test().orElseThrow());
      System.out.printf(
          "%-10s  accuracy %.3f  nll %.3f%n", name, test.metrics().get("accuracy"), test.nll());
    }
  }
  // end of example
}
