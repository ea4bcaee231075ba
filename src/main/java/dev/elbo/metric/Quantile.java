package dev.elbo.metric;

import java.util.function.DoubleUnaryOperator;

/** Where a continuous distribution reaches a level. */
final class Quantile {
  /** The precision, as a share of the smallest scale. */
  static final double TOLERANCE = 1e-12;

  private Quantile() {}

  /**
   * The quantile of an equally weighted mixture: it lies among those of the components.
   *
   * @param cdf of the mixture, {@code pdf} its density
   * @param locations of the components, from {@code first} on; {@code scales} likewise
   * @param z the quantile of a component at 0 with scale 1
   */
  static double ofMixture(
      double level,
      DoubleUnaryOperator cdf,
      DoubleUnaryOperator pdf,
      double[] locations,
      double[] scales,
      int first,
      int components,
      double z) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    double sum = 0;
    double squares = 0;
    for (int i = first; i < first + components; i++) {
      double own = locations[i] + z * scales[i];
      low = Math.min(low, own);
      high = Math.max(high, own);
      smallest = Math.min(smallest, scales[i]);
      sum += locations[i];
      squares += scales[i] * scales[i];
    }
    double centre = sum / components;
    for (int i = first; i < first + components; i++) {
      squares += (locations[i] - centre) * (locations[i] - centre);
    }
    // Where it is for a single component of the mixture's own centre and width.
    double start = centre + z * Math.sqrt(squares / components);
    return of(level, cdf, pdf, low, high, start, TOLERANCE * smallest);
  }

  /**
   * The quantile in a bracket, by Newton's steps, and by bisection where they leave the bracket or
   * are slower (Press et al. 2007, Numerical Recipes, section 9.4), until a step is within the
   * tolerance or the bracket is two neighbouring doubles.
   *
   * @param cdf below the level at {@code low}, not below it at {@code high}
   * @param start where to begin; the middle is, when it is not in the bracket
   */
  static double of(
      double level,
      DoubleUnaryOperator cdf,
      DoubleUnaryOperator pdf,
      double low,
      double high,
      double start,
      double tolerance) {
    double y = low < start && start < high ? start : low + (high - low) / 2;
    double step = high - low;
    while (Math.abs(step) > tolerance && low < y && y < high) {
      double error = cdf.applyAsDouble(y) - level;
      if (error < 0) {
        low = y;
      } else {
        high = y;
      }
      double newton = -error / pdf.applyAsDouble(y);
      if (Math.abs(newton) <= tolerance) {
        return y + newton;
      }
      boolean good = 2 * Math.abs(newton) < Math.abs(step) && low < y + newton && y + newton < high;
      step = good ? newton : low + (high - low) / 2 - y;
      y += step;
    }
    return y;
  }
}
