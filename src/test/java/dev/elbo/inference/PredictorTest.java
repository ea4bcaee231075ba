package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.inference.Predictions.Classes;
import dev.elbo.inference.Predictions.Numbers;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.numbers.gamma.RegularizedGamma;
import org.junit.jupiter.api.Test;

class PredictorTest {
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(50, 3, 0.5, 3);

  /** For a linear model the predictive of a Gaussian q is a Gaussian, known in closed form. */
  @Test
  void thePredictiveOfALinearModelIsTheKnownGaussian() {
    int samples = 4000;
    Examples examples = LinearModels.examples(PROBLEM);
    try (Device device = new CpuDevice(1);
        Trainer trainer = trainer(device, LinearModels.model(PROBLEM), examples)) {
      Predictor predictor =
          new Predictor(device, LinearModels.model(PROBLEM), trainer.buffers(), samples, 1);
      Numbers numbers = (Numbers) predictor.predict(examples);
      double[] mu = LinearModels.mu(trainer.buffers());
      double[] variance = LinearModels.variance(trainer.buffers());
      for (int n = 0; n < examples.size(); n++) {
        double mean = 0;
        double spread = 0;
        for (int i = 0; i < mu.length; i++) {
          mean += PROBLEM.x[n][i] * mu[i];
          spread += PROBLEM.x[n][i] * PROBLEM.x[n][i] * variance[i];
        }
        // Five standard errors of a mean and of a variance of 4000 draws; intervals from 100 draws.
        assertThat(numbers.mean()[n])
            .isCloseTo(mean, within(5 * Math.sqrt(spread / samples) + 1e-5));
        assertThat(numbers.modelVariance()[n] / spread)
            .isCloseTo(1, within(5 * Math.sqrt(2.0 / samples)));
        assertThat(numbers.noiseVariance()[n]).isCloseTo(0.25, within(1e-6));
        double total = Math.sqrt(spread + 0.25);
        double error = PROBLEM.y[n] - mean;
        double density =
            -0.5 * Math.log(2 * Math.PI * total * total) - error * error / (2 * total * total);
        assertThat(numbers.densities().orElseThrow().predictive()[n])
            .isCloseTo(density, within(5 * standardError(error, spread, density, samples)));
        double half =
            (numbers.interval().orElseThrow().upper()[n]
                    - numbers.interval().orElseThrow().lower()[n])
                / 2;
        assertThat(half / total).isCloseTo(1.96, within(0.15));
      }
    }
  }

  /**
   * Of the log of a mean of densities Normal(error; m, 1/4) over draws of m: the relative error of
   * the mean. E[p²] is Normal(error; 0, 1/8 + spread) / sqrt(pi). It grows towards the tails, where
   * few of the draws count.
   */
  private static double standardError(double error, double spread, double density, int samples) {
    double variance = 0.125 + spread;
    double logSquare =
        -0.5 * Math.log(2 * Math.PI * variance)
            - error * error / (2 * variance)
            - 0.5 * Math.log(Math.PI);
    return Math.sqrt(Math.expm1(logSquare - 2 * density) / samples);
  }

  @Test
  void resultsAreInTheUnitsOfTheUser() {
    Examples examples = LinearModels.examples(PROBLEM);
    Standardization targets = new Standardization(new float[] {100}, new float[] {4});
    Network network = LinearModels.model(PROBLEM).network();
    Model plain = new Model(network, LinearModels.identity(3));
    Model units =
        new Model(network, new Normalization(plain.normalization().inputs(), Optional.of(targets)));
    float[] shifted = new float[examples.size()];
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = 4 * examples.targets()[i] + 100;
    }
    try (Device device = new ReferenceDevice();
        Trainer trainer = trainer(device, plain, examples)) {
      Evaluation a = new Predictor(device, plain, trainer.buffers(), 8, 1).evaluate(examples);
      Evaluation b =
          new Predictor(device, units, trainer.buffers(), 8, 1)
              .evaluate(new Examples(3, examples.inputs(), shifted));
      // float32 rounding of 4 y + 100 is 4e-6, against errors of order 1.
      assertThat(b.metrics().get("rmse")).isCloseTo(4 * a.metrics().get("rmse"), within(1e-4));
      assertThat(b.nll()).isCloseTo(a.nll() + Math.log(4), within(1e-4));
      assertThat(b.expectedNll()).isCloseTo(a.expectedNll() + Math.log(4), within(1e-4));
      assertThat(b.metrics().get("coverage_95")).isEqualTo(a.metrics().get("coverage_95"));
    }
  }

  @Test
  void classesHaveProbabilitiesAndEntropies() {
    Examples examples = randomExamples(1100, 4, 3);
    Network network =
        Mlp.variational(
            4,
            List.of(7),
            Function.TANH,
            new Likelihood.Categorical(3),
            new Prior.Gaussian(1),
            new GaussianPosterior(-1));
    Model model = new Model(network, LinearModels.identity(4));
    try (Device device = new CpuDevice(2);
        Trainer trainer = trainer(device, model, examples)) {
      Predictor predictor = new Predictor(device, model, trainer.buffers(), 5, 1);
      Classes all = (Classes) predictor.predict(examples);
      int[] tail = {1099, 3};
      Classes some = (Classes) predictor.predict(examples.select(tail));
      for (int c = 0; c < 3; c++) {
        // The same networks whatever the batch: only the order of float32 sums may differ.
        assertThat(some.logProbabilities().at(0, c))
            .isCloseTo(all.logProbabilities().at(1099, c), within(1e-5));
      }
      for (int n = 0; n < examples.size(); n++) {
        double total = 0;
        double entropy = 0;
        for (int c = 0; c < 3; c++) {
          double p = Math.exp(all.logProbabilities().at(n, c));
          total += p;
          entropy -= p * Math.log(p);
        }
        assertThat(total).isCloseTo(1, within(1e-9));
        assertThat(all.expectedEntropy()[n]).isPositive().isLessThanOrEqualTo(entropy + 1e-9);
      }
      Evaluation evaluation = predictor.evaluate(examples);
      assertThat(evaluation.metrics()).containsOnlyKeys("accuracy", "nll", "brier", "ece");
      // Jensen: the log of a mean is at least the mean of logs.
      assertThat(evaluation.nll()).isLessThan(evaluation.expectedNll());
      Examples unlabelled = new Examples(4, examples.inputs(), new float[0]);
      assertThat(predictor.predict(unlabelled).densities()).isEmpty();
    }
  }

  @Test
  void countsAndHeavyTailsHaveMomentsOfTheirOwn() {
    Examples examples = randomExamples(20, 2, 5);
    for (Likelihood likelihood :
        List.of(new Likelihood.Poisson(1), new Likelihood.StudentT(1, 4, 0.5))) {
      Network network =
          Mlp.variational(
              2,
              List.of(3),
              Function.SOFTPLUS,
              likelihood,
              new Prior.Gaussian(1),
              new GaussianPosterior(-20));
      Model model = new Model(network, LinearModels.identity(2));
      try (Device device = new ReferenceDevice();
          Trainer trainer = trainer(device, model, examples)) {
        Predictor predictor = new Predictor(device, model, trainer.buffers(), 3, 1);
        Numbers numbers = (Numbers) predictor.predict(examples);
        for (int n = 0; n < 20; n++) {
          // A Poisson's variance is its mean; a Student-t's is scale² nu / (nu - 2).
          double noise = likelihood instanceof Likelihood.Poisson ? numbers.mean()[n] : 0.5;
          assertThat(numbers.noiseVariance()[n]).isCloseTo(noise, within(1e-4));
          assertThat(numbers.modelVariance()[n]).isLessThan(1e-9);
          checkInterval(numbers, n, likelihood);
        }
      }
    }
  }

  private static void checkInterval(Numbers numbers, int n, Likelihood likelihood) {
    double lower = numbers.interval().orElseThrow().lower()[n];
    double upper = numbers.interval().orElseThrow().upper()[n];
    double mean = numbers.mean()[n];
    if (likelihood instanceof Likelihood.Poisson) {
      assertThat(RegularizedGamma.Q.value(upper + 1, mean)).isGreaterThanOrEqualTo(0.975);
      assertThat(RegularizedGamma.Q.value(upper, mean)).isLessThan(0.975);
      assertThat(RegularizedGamma.Q.value(lower + 1, mean)).isGreaterThanOrEqualTo(0.025);
    } else {
      // The 97.5 % quantile of Student's t with 4 degrees of freedom.
      assertThat(upper - mean).isCloseTo(0.5 * 2.7764451, within(1e-4));
      assertThat(mean - lower).isCloseTo(0.5 * 2.7764451, within(1e-4));
    }
  }

  @Test
  void wrongInputIsRefused() {
    try (Device device = new ReferenceDevice()) {
      Model model = LinearModels.model(PROBLEM);
      assertThatThrownBy(() -> new Predictor(device, model, java.util.Map.of(), 0, 1))
          .hasMessage("the number of samples must be positive, got 0");
      Predictor predictor = new Predictor(device, model, java.util.Map.of(), 1, 1);
      assertThatThrownBy(() -> predictor.predict(new Examples(2, new float[4], new float[0])))
          .hasMessage("the model takes 3 inputs, the data has 2");
    }
  }

  private static Examples randomExamples(int rows, int features, int targets) {
    Random random = new Random(5);
    float[] x = new float[rows * features];
    float[] y = new float[rows];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < rows; i++) {
      y[i] = random.nextInt(targets);
    }
    return new Examples(features, x, y);
  }

  private static Trainer trainer(Device device, Model model, Examples examples) {
    return new Trainer(device, model, Training.of(1, 32, 0.01, 3), examples, Optional.empty());
  }
}
