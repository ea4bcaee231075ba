package dev.elbo.metric;

/**
 * For every one of N rows an equally weighted mixture of S Gaussians: the posterior predictive of a
 * regression with Gaussian noise, one component a weight sample.
 *
 * <p>The arrays are shared, not copied.
 *
 * @param means {@code E[y | x_n, W_s]}, N x S row-major
 * @param sigmas the standard deviations of the noise, N x S row-major, positive
 * @param components S, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // a view of buffers: identity is the equality wanted
public record GaussianMixtures(double[] means, double[] sigmas, int components) {
  /** The precision of a quantile, as a share of the row's smallest standard deviation. */
  private static final double QUANTILE_TOLERANCE = 1e-10;

  /**
   * Checks the sizes, and that every component is a Gaussian.
   *
   * @throws IllegalArgumentException if the sizes do not fit, a mean is not finite, or a standard
   *     deviation is not positive and finite
   */
  public GaussianMixtures {
    Check.notEmpty("means", means.length);
    Check.sameLength("sigmas", sigmas.length, "means", means.length);
    if (components < 1 || means.length % components != 0) {
      throw new IllegalArgumentException(
          "means: " + means.length + " values do not make rows of " + components + " components");
    }
    for (int i = 0; i < means.length; i++) {
      if (!Double.isFinite(means[i])) {
        throw new IllegalArgumentException(
            "means, " + place(i, components) + ": " + means[i] + " is not finite");
      }
      if (!(sigmas[i] > 0 && Double.isFinite(sigmas[i]))) {
        throw new IllegalArgumentException(
            "sigmas, " + place(i, components) + ": " + sigmas[i] + " is not positive and finite");
      }
    }
  }

  /** The number of rows, N. */
  public int rows() {
    return means.length / components;
  }

  /** The mean of one component of a row. */
  public double mean(int row, int component) {
    return means[row * components + component];
  }

  /** The standard deviation of one component of a row. */
  public double sigma(int row, int component) {
    return sigmas[row * components + component];
  }

  /** The cumulative distribution of a row, {@code 1/S sum_s Phi((y - m_s) / sigma_s)}. */
  public double cdf(int row, double y) {
    double sum = 0;
    for (int s = 0; s < components; s++) {
      sum += StandardNormal.cdf((y - mean(row, s)) / sigma(row, s));
    }
    return sum / components;
  }

  /**
   * The p-quantile of every row, by bisection of {@link #cdf} to 1e-10 of the row's smallest
   * standard deviation (or to neighbouring doubles, where those are further apart).
   *
   * <p>The ends of a central interval of 95 % are the quantiles of 0.025 and 0.975.
   *
   * @param level p, between 0 and 1
   * @return N values, in the units of the means
   * @throws IllegalArgumentException if the level is not between 0 and 1
   */
  public double[] quantile(double level) {
    Regression.requireLevel(level);
    double[] quantiles = new double[rows()];
    for (int row = 0; row < quantiles.length; row++) {
      quantiles[row] = quantile(row, level);
    }
    return quantiles;
  }

  private double quantile(int row, double level) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    // A mixture's quantile lies among those of its components, which lie within 39 standard
    // deviations: beyond, Phi is 0 or 1 in double precision.
    for (int s = 0; s < components; s++) {
      low = Math.min(low, mean(row, s) - 39 * sigma(row, s));
      high = Math.max(high, mean(row, s) + 39 * sigma(row, s));
      smallest = Math.min(smallest, sigma(row, s));
    }
    double middle = low + (high - low) / 2;
    while (high - low > QUANTILE_TOLERANCE * smallest && low < middle && middle < high) {
      if (cdf(row, middle) < level) {
        low = middle;
      } else {
        high = middle;
      }
      middle = low + (high - low) / 2;
    }
    return middle;
  }

  private static String place(int index, int components) {
    return "row " + index / components + ", component " + index % components;
  }
}
