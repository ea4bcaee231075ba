package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Prior;
import dev.elbo.layer.Network;
import dev.elbo.model.Transformer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextEvaluationTest {
  private static final int CHARACTERS = 5;
  private static final Transformer.Size SIZE = new Transformer.Size(CHARACTERS, 8, 1, 8, 2);

  /** What an untrained network makes of a text of so many rows. */
  private record Scores(Evaluation evaluation, double expectedNll) {
    static Scores of(Network network, int rows) {
      float[] text = new float[rows + 1];
      for (int i = 0; i < text.length; i++) {
        text[i] = (i * i + i / 7) % CHARACTERS;
      }
      float[] next = new float[rows];
      System.arraycopy(text, 1, next, 0, rows);
      Examples examples = new Examples(1, Arrays.copyOf(text, rows), next);
      Normalization none = new Normalization(Standardization.scale(1, 1), Optional.empty());
      Model model = new Model(network, none);
      Training training = Training.of(1, 4, 0.01, 1);
      try (Device device = new CpuDevice(1);
          Trainer trainer = new Trainer(device, model, training, examples, Optional.empty())) {
        Predictor predictor = new Predictor(device, model, trainer.buffers(), 3, 1);
        return new Scores(predictor.evaluate(examples), predictor.expectedNll(examples));
      }
    }
  }

  private static Network network(double sigma) {
    GaussianPosterior posterior = new GaussianPosterior(Math.log(sigma));
    return Transformer.variational(SIZE, new Prior.Gaussian(1), posterior);
  }

  @Test
  void oneSampleIsWorseThanTheAverageAndTheMeanNetworkIsAnother() {
    Map<String, Double> metrics = Scores.of(network(0.5), 100).evaluation.metrics();
    assertThat(metrics.get("nll_one_sample")).isGreaterThan(metrics.get("nll"));
    assertThat(metrics.get("nll_mean_network")).isNotEqualTo(metrics.get("nll_one_sample"));
    assertThat(metrics.get("bits")).isCloseTo(metrics.get("nll") / Math.log(2), within(1e-12));
    assertThat(metrics.get("bits_mean_network"))
        .isCloseTo(metrics.get("nll_mean_network") / Math.log(2), within(1e-12));
  }

  @Test
  void withoutSpreadAllThreeAreOne() {
    Map<String, Double> metrics = Scores.of(network(1e-9), 100).evaluation.metrics();
    double nll = metrics.get("nll");
    assertThat(metrics.get("nll_one_sample")).isCloseTo(nll, within(1e-6));
    assertThat(metrics.get("nll_mean_network")).isCloseTo(nll, within(1e-6));
  }

  @Test
  void pointsAreTheirOwnMean() {
    Map<String, Double> metrics =
        Scores.of(Transformer.deterministic(SIZE), 100).evaluation.metrics();
    assertThat(metrics).containsOnlyKeys("accuracy", "nll", "brier", "ece", "bits");
  }

  @Test
  void theDataTermOfALongTextIsTheSameInPieces() {
    // More rows than a piece has, and no whole number of windows.
    Scores scores = Scores.of(network(0.5), (1 << 14) + 1003);
    assertThat(scores.expectedNll).isCloseTo(scores.evaluation.expectedNll(), within(1e-12));
  }
}
