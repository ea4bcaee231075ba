package dev.elbo.metric;

import java.util.Arrays;

/**
 * The continuous ranked probability score, {@code E|X - y| - 1/2 E|X - X'|} for independent draws
 * X, X' of the prediction: a proper score in the units of y, the absolute error of a point.
 *
 * <p>Gneiting, Raftery: Strictly Proper Scoring Rules, Prediction, and Estimation (2007), equation
 * 21. Every method returns the mean over rows.
 */
public final class Crps {
  private static final double SQRT_PI = Math.sqrt(Math.PI);

  private Crps() {}

  /**
   * The score estimated from S draws a row, without bias: {@code 1/S sum_s |x_s - y| - 1/(2 S
   * (S-1)) sum_st |x_s - x_t|}, so that few draws do not look worse than many.
   *
   * <p>Ferro: Fair scores for ensemble forecasts (2014). It can be negative for a lucky row.
   * Sorting turns the double sum into {@code sum_i (2i - S + 1) x_(i) / (S (S-1))}, i from 0: O(S
   * log S).
   *
   * @param draws N x S row-major, draws of the outcome with its noise
   * @param perRow S, at least 2
   * @param outcomes y, N
   * @throws IllegalArgumentException if the sizes do not fit or a value is not finite
   */
  public static double ofDraws(double[] draws, int perRow, double[] outcomes) {
    Check.notEmpty("outcomes", outcomes.length);
    Check.finite("outcomes", outcomes);
    if (perRow < 2 || draws.length != (long) perRow * outcomes.length) {
      throw new IllegalArgumentException(
          "draws: "
              + draws.length
              + " values for "
              + outcomes.length
              + " outcomes and "
              + perRow
              + " draws each, of which at least 2 are needed");
    }
    Check.finite("draws", draws);
    double sum = 0;
    for (int row = 0; row < outcomes.length; row++) {
      double[] errors = Arrays.copyOfRange(draws, row * perRow, (row + 1) * perRow);
      for (int s = 0; s < perRow; s++) {
        errors[s] -= outcomes[row]; // centred first: far from 0 the weighted sum would cancel
      }
      Arrays.sort(errors);
      for (int i = 0; i < perRow; i++) {
        double spread = (2.0 * i - perRow + 1) * errors[i] / (perRow - 1);
        sum += (Math.abs(errors[i]) - spread) / perRow;
      }
    }
    return sum / outcomes.length;
  }

  /**
   * The score of a Gaussian in closed form, with {@code z = (y - m)/sigma}: {@code sigma (z (2
   * Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi))}.
   *
   * @param means m, N
   * @param sigmas standard deviations, N, positive
   * @param outcomes y, N
   * @throws IllegalArgumentException if the lengths differ or are 0, a value is not finite, or a
   *     sigma is not positive
   */
  public static double ofGaussian(double[] means, double[] sigmas, double[] outcomes) {
    return ofGaussianMixture(new GaussianMixtures(means, sigmas, 1), outcomes);
  }

  /**
   * The score of an equally weighted mixture of S Gaussians in closed form: {@code 1/S sum_s A(y -
   * m_s, v_s) - 1/(2 S^2) sum_st A(m_s - m_t, v_s + v_t)} with {@code A(m, v) = E|Normal(m, v)|}.
   *
   * <p>Grimit, Gneiting, Berrocal, Johnson: The continuous ranked probability score for circular
   * variables and its application to mesoscale forecast ensemble verification (2006), equation 5.
   * It costs O(S^2) a row.
   *
   * @param outcomes y, N
   * @throws IllegalArgumentException if there are more or fewer outcomes than rows, or one is not
   *     finite
   */
  public static double ofGaussianMixture(GaussianMixtures predicted, double[] outcomes) {
    Check.sameLength("outcomes", outcomes.length, "rows of the mixtures", predicted.rows());
    Check.finite("outcomes", outcomes);
    double sum = 0;
    for (int row = 0; row < outcomes.length; row++) {
      sum += ofGaussianMixture(predicted, row, outcomes[row]);
    }
    return sum / outcomes.length;
  }

  private static double ofGaussianMixture(GaussianMixtures predicted, int row, double outcome) {
    int components = predicted.components();
    double error = 0;
    double spread = 0; // sum over s, t of A(m_s - m_t, v_s + v_t) / 2, each pair once
    for (int s = 0; s < components; s++) {
      double mean = predicted.mean(row, s);
      double sigma = predicted.sigma(row, s);
      error += meanAbsolute(outcome - mean, sigma);
      spread += sigma / SQRT_PI;
      for (int t = 0; t < s; t++) {
        double sigmaOfDifference = Math.hypot(sigma, predicted.sigma(row, t));
        spread += meanAbsolute(mean - predicted.mean(row, t), sigmaOfDifference);
      }
    }
    return error / components - spread / components / components;
  }

  /** {@code E|Normal(m, sigma^2)| = m (2 Phi(m/sigma) - 1) + 2 sigma phi(m/sigma)}. */
  private static double meanAbsolute(double m, double sigma) {
    double z = m / sigma;
    return m * (2 * StandardNormal.cdf(z) - 1) + 2 * sigma * StandardNormal.pdf(z);
  }
}
