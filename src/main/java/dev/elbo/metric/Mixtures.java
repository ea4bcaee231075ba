package dev.elbo.metric;

import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.numbers.gamma.RegularizedGamma;

/**
 * For every one of N rows an equally weighted mixture of S distributions of one family: the
 * posterior predictive under a likelihood that is not Gaussian, one component a weight sample. For
 * Gaussians see {@link GaussianMixtures}.
 *
 * <p>The arrays are shared, not copied.
 *
 * @param locations the means (Poisson) or centres (Student-t) of the components, N x S row-major
 * @param scales the scales of the components, N x S row-major; Poisson has none and does not look
 * @param components S, at least 1
 * @param family what the components are
 */
@SuppressWarnings("ArrayRecordComponent") // a view of buffers: identity is the equality wanted
public record Mixtures(double[] locations, double[] scales, int components, Family family) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if they do not fit
   */
  public Mixtures {
    Check.notEmpty("locations", locations.length);
    Check.sameLength("scales", scales.length, "locations", locations.length);
    if (components < 1 || locations.length % components != 0) {
      throw new IllegalArgumentException(
          "locations: %d values do not make rows of %d components"
              .formatted(locations.length, components));
    }
  }

  /** A family of distributions of numbers. */
  public sealed interface Family {
    /** P(Y at most y) of the member with that location and scale. */
    double cdf(double location, double scale, double y);

    /**
     * Student-t with nu degrees of freedom, shifted and scaled: P(T at most t) for t below 0 is
     * I(nu / (nu + t²); nu/2, 1/2) / 2.
     */
    record StudentT(double degreesOfFreedom) implements Family {
      @Override
      public double cdf(double location, double scale, double y) {
        double t = (y - location) / scale;
        // In the middle by the complement: there x is 1 less what a double cannot hold.
        double x = degreesOfFreedom / (degreesOfFreedom + t * t);
        double tail =
            x < 0.5
                ? 0.5 * RegularizedBeta.value(x, 0.5 * degreesOfFreedom, 0.5)
                : 0.5
                    * RegularizedBeta.complement(
                        t * t / (degreesOfFreedom + t * t), 0.5, 0.5 * degreesOfFreedom);
        return t < 0 ? tail : 1 - tail;
      }

      /** The quantile of the member at 0 with scale 1. */
      double quantile(double level) {
        double low = -1;
        double high = 1;
        while (cdf(0, 1, low) >= level) {
          low *= 2;
        }
        while (cdf(0, 1, high) < level) {
          high *= 2;
        }
        return Quantile.of(level, t -> cdf(0, 1, t), this::pdf, low, high, 0, Quantile.TOLERANCE);
      }

      /** The density at t, (1 + t²/nu)^(-(nu + 1)/2) / (sqrt(nu) B(nu/2, 1/2)). */
      double pdf(double t) {
        double nu = degreesOfFreedom;
        double log = -0.5 * (nu + 1) * Math.log1p(t * t / nu) - LogBeta.value(0.5 * nu, 0.5);
        return Math.exp(log) / Math.sqrt(nu);
      }
    }

    /** Poisson, its mean the location: P(Y at most k) = Q(k + 1, mean). */
    record Poisson() implements Family {
      @Override
      public double cdf(double location, double scale, double y) {
        return y < 0 ? 0 : RegularizedGamma.Q.value(Math.floor(y) + 1, location);
      }
    }
  }

  /** The number of rows, N. */
  public int rows() {
    return locations.length / components;
  }

  /** The cumulative distribution of a row. */
  public double cdf(int row, double y) {
    double sum = 0;
    for (int i = row * components; i < (row + 1) * components; i++) {
      sum += family.cdf(locations[i], scales[i], y);
    }
    return sum / components;
  }

  /**
   * The p-quantile of every row: the smallest y with P(Y at most y) at least p; a whole number for
   * counts.
   *
   * @param level p, between 0 and 1
   * @return N values, in the units of the locations
   * @throws IllegalArgumentException if the level is not between 0 and 1
   */
  public double[] quantile(double level) {
    Regression.requireLevel(level);
    return switch (family) {
      case Family.StudentT t -> continuous(level, t);
      case Family.Poisson p -> counts(level);
    };
  }

  private double[] continuous(double level, Family.StudentT family) {
    double z = family.quantile(level);
    double[] quantiles = new double[rows()];
    for (int row = 0; row < quantiles.length; row++) {
      int of = row;
      quantiles[row] =
          Quantile.ofMixture(
              level,
              y -> cdf(of, y),
              y -> pdf(of, y, family),
              locations,
              scales,
              row * components,
              components,
              z);
    }
    return quantiles;
  }

  private double pdf(int row, double y, Family.StudentT family) {
    double sum = 0;
    for (int i = row * components; i < (row + 1) * components; i++) {
      sum += family.pdf((y - locations[i]) / scales[i]) / scales[i];
    }
    return sum / components;
  }

  private double[] counts(double level) {
    double[] quantiles = new double[rows()];
    for (int row = 0; row < quantiles.length; row++) {
      quantiles[row] = count(row, level);
    }
    return quantiles;
  }

  /** The distribution is below the level at {@code low} and not at {@code high}. */
  private double count(int row, double level) {
    long low = -1;
    long high = 0;
    while (cdf(row, high) < level) {
      low = high;
      high = 2 * high + 1;
    }
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (cdf(row, middle) < level) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
