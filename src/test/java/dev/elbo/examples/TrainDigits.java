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

/** The example of the README: a Bayesian network on the embedded digits. */
final class TrainDigits {
  private TrainDigits() {}

  // example
  public static void main(String[] args) {
    Dataset digits = new BuiltIn(List.of(), Optional.empty()).open("digits");
    Likelihood classes = new Likelihood.Categorical(10);
    Prior prior = new Prior.ScaleMixture(0.5, 1, 0.0025);
    Network network =
        Mlp.variational(64, List.of(100), Function.RELU, classes, prior, GaussianPosterior.DEFAULT);
    Standardization pixels = Standardization.global(digits.train());
    Model model = new Model(network, new Normalization(pixels, Optional.empty()));
    Training training =
        Training.of(/* epochs */ 50, /* batch */ 64, /* rate */ 0.005, /* seed */ 1);
    try (Device device = new CpuDevice(2);
        Trainer trainer = new Trainer(device, model, training, digits.train(), Optional.empty())) {
      while (!trainer.finished()) {
        trainer.epochOfSteps();
      }
      Predictor predictor = new Predictor(device, model, trainer.buffers(), /* samples */ 50, 1);
      Evaluation test = predictor.evaluate(digits.test().orElseThrow());
      test.metrics().forEach((name, value) -> System.out.printf("%-8s %.3f%n", name, value));
    }
  }
  // end of example
}
