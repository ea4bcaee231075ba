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
  /** Standard deviations beyond which Phi is 0 or 1 in double precision. */
  private static final double FAR = 39;

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

  /** The density of a row. */
  private double pdf(int row, double y) {
    double sum = 0;
    for (int s = 0; s < components; s++) {
      sum += StandardNormal.pdf((y - mean(row, s)) / sigma(row, s)) / sigma(row, s);
    }
    return sum / components;
  }

  /**
   * The p-quantile of every row, the inverse of {@link #cdf} to 1e-12 of the row's smallest
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
    double z =
        Quantile.of(
            level, StandardNormal::cdf, StandardNormal::pdf, -FAR, FAR, 0, Quantile.TOLERANCE);
    double[] quantiles = new double[rows()];
    for (int row = 0; row < quantiles.length; row++) {
      int of = row;
      quantiles[row] =
          Quantile.ofMixture(
              level,
              y -> cdf(of, y),
              y -> pdf(of, y),
              means,
              sigmas,
              row * components,
              components,
              z);
    }
    return quantiles;
  }

  private static String place(int index, int components) {
    return "row " + index / components + ", component " + index % components;
  }
}
