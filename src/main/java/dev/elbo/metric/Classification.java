package dev.elbo.metric;

/**
 * Scores of predicted class probabilities.
 *
 * <p>For a Bayesian network the probabilities are those of the posterior predictive, {@code log p(c
 * | x) = logsumexp_s log p(c | x, W_s) - log S}; see {@link ClassificationMoments}. Every method
 * throws IllegalArgumentException if the labels are not one class index, from 0, for every row.
 */
public final class Classification {
  private Classification() {}

  /** The share of rows whose most probable class (of equals the lowest) is the label. */
  public static double accuracy(LogProbabilities predicted, int[] labels) {
    predicted.requireLabels(labels);
    int correct = 0;
    for (int row = 0; row < labels.length; row++) {
      if (predicted.top(row) == labels[row]) {
        correct++;
      }
    }
    return (double) correct / labels.length;
  }

  /**
   * The negative log-likelihood, {@code -1/N sum_n log p(y_n | x_n)}, in nats per row.
   *
   * <p>A label that was given probability 0 makes it infinite: nothing is clipped.
   */
  public static double negativeLogLikelihood(LogProbabilities predicted, int[] labels) {
    predicted.requireLabels(labels);
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      sum -= predicted.at(row, labels[row]);
    }
    return sum / labels.length;
  }

  /**
   * The Brier score, {@code 1/N sum_n sum_c (p_nc - 1{y_n = c})^2}, from 0 to 2.
   *
   * <p>The sum over all classes, as Brier (1950) has it; for two classes this is twice the score of
   * the positive class alone that some libraries report.
   */
  public static double brier(LogProbabilities predicted, int[] labels) {
    predicted.requireLabels(labels);
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      for (int c = 0; c < predicted.classes(); c++) {
        double error = Math.exp(predicted.at(row, c)) - (c == labels[row] ? 1 : 0);
        sum += error * error;
      }
    }
    return sum / labels.length;
  }

  /**
   * The entropy of every row, {@code H_n = -sum_c p_nc log p_nc}, in nats, from 0 to log C.
   *
   * <p>Of the posterior predictive it is the total uncertainty of the prediction.
   *
   * @return N values
   */
  public static double[] entropy(LogProbabilities predicted) {
    double[] entropy = new double[predicted.rows()];
    for (int row = 0; row < entropy.length; row++) {
      for (int c = 0; c < predicted.classes(); c++) {
        double log = predicted.at(row, c);
        if (log != Double.NEGATIVE_INFINITY) { // 0 log 0 = 0
          entropy[row] -= Math.exp(log) * log;
        }
      }
    }
    return entropy;
  }
}
