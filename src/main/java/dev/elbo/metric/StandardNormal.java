package dev.elbo.metric;

/** Density and distribution function of Normal(0, 1), which the JDK lacks. */
final class StandardNormal {
  private static final double SQRT_2_PI = Math.sqrt(2 * Math.PI);

  // Cody: Rational Chebyshev Approximations for the Error Function (1969), as arranged for the
  // normal distribution in his ANORM (1993). Highest power first.
  private static final double[] CENTRE_NUMERATOR = {
    0.065682337918207449113,
    2.2352520354606839287,
    161.02823106855587881,
    1067.6894854603709582,
    18154.981253343561249
  };
  private static final double[] CENTRE_DENOMINATOR = {
    1, 47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956
  };
  private static final double[] MIDDLE_NUMERATOR = {
    1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412,
    93.506656132177855979, 597.27027639480026226, 2494.5375852903726711,
    6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218
  };
  private static final double[] MIDDLE_DENOMINATOR = {
    1,
    22.266688044328115691,
    235.38790178262499861,
    1519.377599407554805,
    6485.558298266760755,
    18615.571640885098091,
    34900.952721145977266,
    38912.003286093271411,
    19685.429676859990727
  };
  private static final double[] TAIL_NUMERATOR = {
    0.02307344176494017303, 0.21589853405795699, 0.1274011611602473639,
    0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5
  };
  private static final double[] TAIL_DENOMINATOR = {
    1,
    1.28426009614491121,
    0.468238212480865118,
    0.0659881378689285515,
    0.00378239633202758244,
    7.29751555083966205e-5
  };

  private StandardNormal() {}

  /** The density, {@code exp(-x^2/2) / sqrt(2 pi)}. */
  static double pdf(double x) {
    return Math.exp(-0.5 * x * x) / SQRT_2_PI;
  }

  /** {@code Phi(x) = P(X <= x)}, to about 1e-15 relative in both tails. */
  static double cdf(double x) {
    double size = Math.abs(x);
    if (size < 0.67448975) { // where Phi is between 1/4 and 3/4
      double square = x * x;
      return 0.5 + x * ratio(CENTRE_NUMERATOR, CENTRE_DENOMINATOR, square);
    }
    double tail = size < Math.sqrt(32) ? middle(size) : tail(size);
    return x < 0 ? tail : 1 - tail;
  }

  private static double middle(double x) {
    return gauss(x) * ratio(MIDDLE_NUMERATOR, MIDDLE_DENOMINATOR, x);
  }

  private static double tail(double x) {
    if (x > 39) { // below the smallest double
      return 0;
    }
    double inverse = 1 / (x * x);
    double correction = inverse * ratio(TAIL_NUMERATOR, TAIL_DENOMINATOR, inverse);
    return gauss(x) * (1 / SQRT_2_PI - correction) / x;
  }

  /** exp(-x^2/2), with x^2 in two parts: its rounding would cost the tail several digits. */
  private static double gauss(double x) {
    double coarse = Math.rint(x * 16) / 16;
    double rest = (x - coarse) * (x + coarse);
    return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * rest);
  }

  private static double ratio(double[] numerator, double[] denominator, double x) {
    return polynomial(numerator, x) / polynomial(denominator, x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = 0;
    for (double coefficient : coefficients) {
      value = value * x + coefficient;
    }
    return value;
  }
}
