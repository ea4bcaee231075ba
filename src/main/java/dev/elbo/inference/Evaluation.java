package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.metric.Calibration;
import dev.elbo.metric.Classification;
import dev.elbo.metric.Regression;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How well predictions met outcomes, in nats and the user's units.
 *
 * @param nll the mean of -log p(y | x), the posterior predictive; with latent variables -log p(x)
 * @param expectedNll the mean of E_q[-log p(y | x, W)], the data term of the ELBO
 * @param latentKl the mean of KL(q(z | x) || p(z)); empty without latent variables
 * @param metrics the metrics of the task by name, nll among them
 */
public record Evaluation(
    double nll, double expectedNll, Optional<Double> latentKl, Map<String, Double> metrics) {

  /**
   * Compares predictions with the outcomes of the examples they were made for.
   *
   * @throws java.util.NoSuchElementException when the outcomes are not known
   */
  public static Evaluation of(Predictions predictions, Examples examples) {
    Evaluation terms = terms(predictions.densities().orElseThrow());
    Map<String, Double> metrics = new LinkedHashMap<>();
    switch (predictions) {
      case Predictions.Classes classes -> classification(classes, examples, terms.nll, metrics);
      case Predictions.Numbers numbers -> regression(numbers, examples, terms.nll, metrics);
    }
    return new Evaluation(terms.nll, terms.expectedNll, Optional.empty(), metrics);
  }

  /** What the densities of the outcomes tell. */
  static Evaluation terms(Predictions.Densities densities) {
    double nll = -Arrays.stream(densities.predictive()).average().orElseThrow();
    double expected = -Arrays.stream(densities.expected()).average().orElseThrow();
    return new Evaluation(nll, expected, Optional.empty(), Map.of("nll", nll));
  }

  private static void classification(
      Predictions.Classes classes, Examples examples, double nll, Map<String, Double> metrics) {
    int[] labels = new int[examples.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) examples.targets()[i];
    }
    metrics.put("accuracy", Classification.accuracy(classes.logProbabilities(), labels));
    metrics.put("nll", nll);
    metrics.put("brier", Classification.brier(classes.logProbabilities(), labels));
    metrics.put(
        "ece",
        Calibration.expectedCalibrationError(
            classes.logProbabilities(), labels, Calibration.DEFAULT_BINS));
  }

  private static void regression(
      Predictions.Numbers numbers, Examples examples, double nll, Map<String, Double> metrics) {
    double[] outcomes = new double[examples.size()];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = examples.targets()[i];
    }
    metrics.put("rmse", Regression.rmse(numbers.mean(), outcomes));
    metrics.put("nll", nll);
    numbers
        .interval()
        .ifPresent(
            interval ->
                metrics.put(
                    "coverage_95",
                    Regression.coverage(interval.lower(), interval.upper(), outcomes)));
  }
}
