package dev.elbo.distribution;

/**
 * q(w) = Normal(mu, sigma²), sigma = exp(log_sigma), for every weight independently: the mean-field
 * posterior. It ignores correlations, so where weights are correlated given the data its variances
 * are too small: at best 1 / diag(precision) (Bishop 2006, section 10.1.2).
 *
 * @param initialLogSigma where log_sigma starts; small, so that training begins close to a point
 */
public record GaussianPosterior(double initialLogSigma) {
  /** log_sigma starts at -5. */
  public static final GaussianPosterior DEFAULT = new GaussianPosterior(-5);

  public GaussianPosterior {
    if (!(Math.abs(initialLogSigma) <= 30)) {
      throw new IllegalArgumentException(
          "the initial log_sigma must be in -30..30, got " + initialLogSigma);
    }
  }
}
