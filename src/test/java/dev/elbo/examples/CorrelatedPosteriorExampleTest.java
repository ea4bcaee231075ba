package dev.elbo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.Covariance;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Objective;
import dev.elbo.inference.Predictions;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.CorrelatedLinear;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.layer.VariationalLinear;
import dev.elbo.model.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * The README's example of correlations: the two inputs are always equal, so that the data know w1 +
 * w2 and nothing of w1 - w2, whose exact posterior is its prior Normal(0, 2).
 */
class CorrelatedPosteriorExampleTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/elbo/examples/CorrelatedPosteriorExampleTest.java");
  private static final int EXAMPLES = 16;

  // example
  private static final GaussianPosterior START = new GaussianPosterior(-1);

  /** The standard deviation of w1 - w2: of the prediction at the input (1, -1). */
  private static double ofDifference(IntFunction<Layer> linear) {
    Likelihood noise = new Likelihood.GaussianKnown(1, 0.5);
    Prior prior = new Prior.Gaussian(1);
    Network network = Mlp.of(2, List.of(), Function.RELU, noise, prior, linear, linear);
    Model model = new Model(network, asTheyAre());
    Training training =
        Training.of(/* epochs */ 3000, /* batch */ EXAMPLES, /* rate */ 0.01, /* seed */ 1)
            .with(Objective.of(new Sampling(Estimator.NAIVE, /* samples */ 16, true), 1, 0));
    try (Device device = new CpuDevice(1);
        Trainer trainer = new Trainer(device, model, training, equal(), Optional.empty())) {
      while (!trainer.finished()) {
        trainer.epochOfSteps();
      }
      Predictor predictor = new Predictor(device, model, trainer.buffers(), 10_000, 1);
      Examples probe = new Examples(2, new float[] {1, -1}, new float[0]);
      Predictions.Numbers numbers = (Predictions.Numbers) predictor.predict(probe);
      return Math.sqrt(numbers.modelVariance()[0] - biasVariance());
    }
  }

  @Test
  void aFullCovarianceKnowsWhatTheDataDoNot() {
    Covariance full = new Covariance.Full();
    assertThat(ofDifference(units -> new CorrelatedLinear(units, full, START)))
        .isCloseTo(Math.sqrt(2), within(0.05));
    assertThat(ofDifference(units -> new VariationalLinear(units, START))).isLessThan(0.4);
  }

  // end of example

  /** The data are centred: the bias is independent of the weights, with precision 1 + n / 0.5². */
  private static double biasVariance() {
    return 1 / (1 + EXAMPLES / 0.25);
  }

  private static Normalization asTheyAre() {
    return new Normalization(
        new Standardization(new float[2], new float[] {1, 1}), Optional.empty());
  }

  /** y = x1 with x1 = x2 from -1 to 1. */
  private static Examples equal() {
    float[] inputs = new float[2 * EXAMPLES];
    float[] targets = new float[EXAMPLES];
    for (int n = 0; n < EXAMPLES; n++) {
      targets[n] = 2f * n / (EXAMPLES - 1) - 1;
      inputs[2 * n] = targets[n];
      inputs[2 * n + 1] = targets[n];
    }
    return new Examples(2, inputs, targets);
  }

  @Test
  void theReadmeShowsThis() throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    List<String> shown =
        lines.subList(lines.indexOf("  // example") + 1, lines.indexOf("  // end of example"));
    String example = String.join("\n", shown).indent(-2).strip();
    assertThat(Files.readString(Path.of("README.md"))).contains(example);
  }
}
