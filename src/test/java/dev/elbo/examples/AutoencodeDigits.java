package dev.elbo.examples;

import dev.elbo.data.BuiltIn;
import dev.elbo.data.Dataset;
import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.Evaluation;
import dev.elbo.inference.LatentDecoder;
import dev.elbo.inference.LatentEvaluator;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import dev.elbo.model.Autoencoder;
import java.util.List;
import java.util.Optional;

/** The README's example of a variational autoencoder. */
final class AutoencodeDigits {
  private AutoencodeDigits() {}

  // example
  public static void main(String[] args) {
    Dataset digits = new BuiltIn(List.of(), Optional.empty()).open("digits");
    Likelihood pixels = new Likelihood.Bernoulli(64);
    Prior unused = new Prior.Gaussian(1); // the decoder's weights are points
    Network network =
        Autoencoder.of(
            64, List.of(100), List.of(8), Function.TANH, pixels, Optional.empty(), unused);
    Standardization units = Standardization.scale(64, 16); // 0..16 to 0..1
    Model model = new Model(network, new Normalization(units, Optional.empty()));
    Training training = Training.of(/* epochs */ 20, /* batch */ 64, /* rate */ 0.002, 1);
    try (Device device = new CpuDevice(2);
        Trainer trainer = new Trainer(device, model, training, digits.train(), Optional.empty())) {
      while (!trainer.finished()) {
        trainer.epochOfSteps();
      }
      LatentEvaluator evaluator = new LatentEvaluator(device, model, trainer.buffers(), 1);
      Evaluation test = evaluator.evaluate(digits.test().orElseThrow(), /* samples */ 50);
      test.metrics().forEach((name, value) -> System.out.printf("%-15s%8.2f%n", name, value));
      Examples drawn = new LatentDecoder(device, model, trainer.buffers(), 1).generate(64);
      System.out.printf("%-15s%8d%n", "drawn", drawn.size());
    }
  }
  // end of example
}
