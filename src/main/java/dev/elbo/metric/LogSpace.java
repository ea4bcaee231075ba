package dev.elbo.metric;

/** Sums and means of numbers that are given, and returned, as their natural logarithms. */
public final class LogSpace {
  private LogSpace() {}

  /**
   * The log of the sum of exponentials, {@code log sum_i exp(x_i)}, without overflow or underflow.
   *
   * <p>Minus infinity stands for the number 0; NaN gives NaN.
   *
   * @param logs at least one value
   * @throws IllegalArgumentException if there is no value
   */
  public static double logSumExp(double[] logs) {
    Check.notEmpty("logs", logs.length);
    double max = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      max = Math.max(max, log);
    }
    if (Double.isInfinite(max)) {
      return max; // inf - inf below would be NaN, where the answer is known
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - max);
    }
    return max + Math.log(sum);
  }

  /**
   * The log of the mean of exponentials, {@code logSumExp(x) - log S}: with {@code x_s = log p(y |
   * x, W_s)} the log of the posterior predictive density.
   *
   * @param logs S values, at least one
   * @throws IllegalArgumentException if there is no value
   */
  public static double logMeanExp(double[] logs) {
    return logSumExp(logs) - Math.log(logs.length);
  }
}
