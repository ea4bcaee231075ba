package dev.elbo.device;

/** Special functions in double precision that {@link Math} does not have. */
public final class SpecialFunctions {
  private static final double SQRT_PI = Math.sqrt(Math.PI);
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  // Cody's rational approximations: numerators and denominators, in the order of his CALERF.
  private static final double[] SMALL_NUMERATOR = {
    3.16112374387056560e00,
    1.13864154151050156e02,
    3.77485237685302021e02,
    3.20937758913846947e03,
    1.85777706184603153e-1
  };
  private static final double[] SMALL_DENOMINATOR = {
    2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03, 2.84423683343917062e03
  };
  private static final double[] MIDDLE_NUMERATOR = {
    5.64188496988670089e-1, 8.88314979438837594e00, 6.61191906371416295e01,
    2.98635138197400131e02, 8.81952221241769090e02, 1.71204761263407058e03,
    2.05107837782607147e03, 1.23033935479799725e03, 2.15311535474403846e-8
  };
  private static final double[] MIDDLE_DENOMINATOR = {
    1.57449261107098347e01, 1.17693950891312499e02, 5.37181101862009858e02,
    1.62138957456669019e03, 3.29079923573345963e03, 4.36261909014324716e03,
    3.43936767414372164e03, 1.23033935480374942e03
  };
  private static final double[] LARGE_NUMERATOR = {
    3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
    1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2
  };
  private static final double[] LARGE_DENOMINATOR = {
    2.56852019228982242e00,
    1.87295284992346725e00,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3
  };

  private static final double LANCZOS_G = 7;
  private static final double[] LANCZOS = {
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7
  };

  private SpecialFunctions() {}

  /**
   * The error function, 2/sqrt(pi) times the integral of exp(-t²) from 0 to x, to about 1e-16.
   *
   * <p>Source: W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics
   * of Computation 23, 1969, with the coefficients of his CALERF.
   */
  public static double erf(double x) {
    double y = Math.abs(x);
    if (y <= 0.46875) {
      return x * small(x * x);
    }
    return Math.copySign(0.5 - upperTail(y) + 0.5, x);
  }

  /** The complementary error function 1 - erf(x), to a relative error of about 1e-15; Cody 1969. */
  public static double erfc(double x) {
    double y = Math.abs(x);
    if (y <= 0.46875) {
      return 1 - x * small(x * x);
    }
    return x < 0 ? 2 - upperTail(y) : upperTail(y);
  }

  /**
   * log Gamma(x) for x > 0, to about 1e-14 relative to max(1, log Gamma(x)).
   *
   * <p>Source: C. Lanczos, "A precision approximation of the gamma function", SIAM Journal on
   * Numerical Analysis B 1, 1964, with g = 7 and the nine coefficients of P. Godfrey (2001).
   */
  public static double logGamma(double x) {
    if (x < 0.5) {
      // Gamma(x) = Gamma(x + 1) / x keeps the series where it is accurate.
      return logGamma(x + 1) - Math.log(x);
    }
    double z = x - 1;
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (z + i);
    }
    double t = z + LANCZOS_G + 0.5;
    return HALF_LOG_TWO_PI + (z + 0.5) * Math.log(t) - t + Math.log(sum);
  }

  /** erf(x) / x for x² <= 0.46875². */
  private static double small(double square) {
    double numerator = SMALL_NUMERATOR[4] * square;
    double denominator = square;
    for (int i = 0; i < 3; i++) {
      numerator = (numerator + SMALL_NUMERATOR[i]) * square;
      denominator = (denominator + SMALL_DENOMINATOR[i]) * square;
    }
    return (numerator + SMALL_NUMERATOR[3]) / (denominator + SMALL_DENOMINATOR[3]);
  }

  /** erfc(y) for y > 0.46875. */
  private static double upperTail(double y) {
    if (Double.isNaN(y)) {
      return y;
    }
    if (y > 27) {
      return 0; // below the smallest double
    }
    return expMinusSquare(y) * (y <= 4 ? middle(y) : large(y));
  }

  private static double middle(double y) {
    double numerator = MIDDLE_NUMERATOR[8] * y;
    double denominator = y;
    for (int i = 0; i < 7; i++) {
      numerator = (numerator + MIDDLE_NUMERATOR[i]) * y;
      denominator = (denominator + MIDDLE_DENOMINATOR[i]) * y;
    }
    return (numerator + MIDDLE_NUMERATOR[7]) / (denominator + MIDDLE_DENOMINATOR[7]);
  }

  private static double large(double y) {
    double square = 1 / (y * y);
    double numerator = LARGE_NUMERATOR[5] * square;
    double denominator = square;
    for (int i = 0; i < 4; i++) {
      numerator = (numerator + LARGE_NUMERATOR[i]) * square;
      denominator = (denominator + LARGE_DENOMINATOR[i]) * square;
    }
    double tail = square * (numerator + LARGE_NUMERATOR[4]) / (denominator + LARGE_DENOMINATOR[4]);
    return (1 / SQRT_PI - tail) / y;
  }

  /** exp(-y²) without the rounding of y²: y² = q² + (y - q)(y + q), q² exact. */
  private static double expMinusSquare(double y) {
    double q = Math.floor(y * 16) / 16;
    return Math.exp(-q * q) * Math.exp(-(y - q) * (y + q));
  }
}
