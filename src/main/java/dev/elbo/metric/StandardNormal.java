package dev.elbo.metric;

/** Density and distribution function of Normal(0, 1), which the JDK lacks. */
final class StandardNormal {
  private static final double SQRT_2_PI = Math.sqrt(2 * Math.PI);

  // Cody: Rational Chebyshev Approximations for the Error Function (1969), as arranged for the
  // normal distribution in his ANORM (1993), rounded to double. Highest power first.
  private static final double[] CENTRE_NUMERATOR = {
    0.06568233791820745,
    2.2352520354606837,
    161.02823106855587,
    1067.6894854603709,
    18154.98125334356
  };
  private static final double[] CENTRE_DENOMINATOR = {
    1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673
  };
  private static final double[] MIDDLE_NUMERATOR = {
    1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377,
    93.50665613217785, 597.2702763948002, 2494.5375852903726,
    6848.190450536283, 11602.65143764735, 9842.714838383978
  };
  private static final double[] MIDDLE_DENOMINATOR = {
    1,
    22.266688044328117,
    235.387901782625,
    1519.3775994075547,
    6485.558298266761,
    18615.571640885097,
    34900.95272114598,
    38912.00328609327,
    19685.429676859992
  };
  private static final double[] TAIL_NUMERATOR = {
    0.023073441764940174, 0.215898534057957, 0.12740116116024736,
    0.022235277870649807, 0.0014216191932278934, 2.9112874951168793e-5
  };
  private static final double[] TAIL_DENOMINATOR = {
    1,
    1.284260096144911,
    0.4682382124808651,
    0.06598813786892856,
    0.0037823963320275824,
    7.297515550839662e-5
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
