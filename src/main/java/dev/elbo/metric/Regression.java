package dev.elbo.metric;

/** Scores of predicted numbers, densities, intervals and quantiles. */
public final class Regression {
  private Regression() {}

  /**
   * The root mean squared error, {@code sqrt(1/N sum_n (m_n - y_n)^2)}, in the units of y.
   *
   * @param means the predictions, N
   * @param outcomes y, N
   * @throws IllegalArgumentException if the lengths differ or are 0, or a value is not finite
   */
  public static double rmse(double[] means, double[] outcomes) {
    requirePairs("means", means, outcomes);
    double sum = 0;
    for (int row = 0; row < outcomes.length; row++) {
      double error = means[row] - outcomes[row];
      sum += error * error;
    }
    return Math.sqrt(sum / outcomes.length);
  }

  /**
   * The negative log-likelihood, {@code -1/N sum_n log p(y_n | x_n)}, in nats per row.
   *
   * <p>A density of 0 (log minus infinity) makes it infinite: nothing is clipped.
   *
   * @param logDensities {@code log p(y_n | x_n)} of every outcome, N; see {@link RunningLogMeanExp}
   * @throws IllegalArgumentException if there is no value, or one is NaN
   */
  public static double negativeLogLikelihood(double[] logDensities) {
    Check.notEmpty("log densities", logDensities.length);
    Check.notNaN("log densities", logDensities);
    double sum = 0;
    for (double logDensity : logDensities) {
      sum -= logDensity;
    }
    return sum / logDensities.length;
  }

  /**
   * The share of outcomes within their interval, ends included.
   *
   * @param lower the lower ends, N; may be infinite
   * @param upper the upper ends, N; may be infinite
   * @param outcomes y, N
   * @throws IllegalArgumentException if the lengths differ or are 0, an outcome is not finite, or
   *     an interval is upside down or has a NaN
   */
  public static double coverage(double[] lower, double[] upper, double[] outcomes) {
    Check.notEmpty("outcomes", outcomes.length);
    Check.sameLength("lower", lower.length, "outcomes", outcomes.length);
    Check.sameLength("upper", upper.length, "outcomes", outcomes.length);
    Check.finite("outcomes", outcomes);
    int within = 0;
    for (int row = 0; row < outcomes.length; row++) {
      if (!(lower[row] <= upper[row])) {
        throw new IllegalArgumentException(
            "interval, row " + row + ": from " + lower[row] + " to " + upper[row]);
      }
      if (lower[row] <= outcomes[row] && outcomes[row] <= upper[row]) {
        within++;
      }
    }
    return (double) within / outcomes.length;
  }

  /**
   * The pinball loss of predicted quantiles, {@code 1/N sum_n max(p (y_n - q_n), (p - 1) (y_n -
   * q_n))}, in the units of y; the true p-quantile has the least expected loss.
   *
   * <p>Koenker, Bassett: Regression Quantiles (1978).
   *
   * @param quantiles q, N
   * @param level p, between 0 and 1
   * @param outcomes y, N
   * @throws IllegalArgumentException if the lengths differ or are 0, a value is not finite, or the
   *     level is not between 0 and 1
   */
  public static double pinball(double[] quantiles, double level, double[] outcomes) {
    requirePairs("quantiles", quantiles, outcomes);
    requireLevel(level);
    double sum = 0;
    for (int row = 0; row < outcomes.length; row++) {
      double error = outcomes[row] - quantiles[row];
      sum += Math.max(level * error, (level - 1) * error);
    }
    return sum / outcomes.length;
  }

  static void requireLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level: " + level + " is not between 0 and 1");
    }
  }

  private static void requirePairs(String name, double[] predictions, double[] outcomes) {
    Check.notEmpty("outcomes", outcomes.length);
    Check.sameLength(name, predictions.length, "outcomes", outcomes.length);
    Check.finite(name, predictions);
    Check.finite("outcomes", outcomes);
  }
}
