package dev.elbo.device.cpu;

/** The standard normal law, and the moments and distances of samples from it. */
final class NormalLaw {
  /** P(|x| > 3), P(|x| > 4), P(|x| > 5), from tables. */
  static final double[] TAILS = {2.6997960632601866e-3, 6.334248366623996e-5, 5.733031437583869e-7};

  private NormalLaw() {}

  /**
   * The distribution function, by the series of Marsaglia, "Evaluating the normal distribution",
   * Journal of Statistical Software 11(4), 2004; absolute error about 1e-15.
   */
  static double cdf(double x) {
    if (Math.abs(x) > 8) {
      return x > 0 ? 1 : 0;
    }
    double sum = x;
    double term = x;
    for (int odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
      term *= x * x / odd;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  }
}
