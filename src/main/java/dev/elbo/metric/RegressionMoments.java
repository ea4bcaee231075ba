package dev.elbo.metric;

/**
 * Mean and variance of the posterior predictive of a regression from weight samples that come one
 * at a time.
 *
 * <p>The predictive is the equally weighted mixture of the S samples' distributions; by the law of
 * total variance its variance is the variance of the means plus the mean of the noise variances.
 * Memory is three numbers a row, whatever S is (the log density of outcomes is {@link
 * RunningLogMeanExp}; quantiles need the samples, see {@link GaussianMixtures}). Not safe for use
 * by several threads.
 */
public final class RegressionMoments {
  private final double[] mean;
  private final double[] squares; // sum_s (m_s - mean)^2, by Welford's update
  private final double[] noise;
  private int samples;

  /**
   * An accumulator without samples.
   *
   * @param rows N, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public RegressionMoments(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows: " + rows + ", at least 1 is needed");
    }
    mean = new double[rows];
    squares = new double[rows];
    noise = new double[rows];
  }

  /**
   * Adds the prediction of one weight sample; a refused one changes nothing.
   *
   * @param means {@code E[y | x_n, W_s]}, N finite values in the units of the outcome
   * @param noiseVariances {@code Var[y | x_n, W_s]}, N values of 0 or more; infinite is allowed, as
   *     a Student-t with two degrees of freedom has it
   * @throws IllegalArgumentException if there are more or fewer values, or other ones
   */
  public void add(double[] means, double[] noiseVariances) {
    Check.sameLength("means", means.length, "size of the accumulator", mean.length);
    Check.sameLength(
        "noise variances", noiseVariances.length, "size of the accumulator", mean.length);
    Check.finite("means", means);
    for (int row = 0; row < noiseVariances.length; row++) {
      if (!(noiseVariances[row] >= 0)) {
        throw new IllegalArgumentException(
            "noise variances, row " + row + ": " + noiseVariances[row] + " is not 0 or more");
      }
    }
    samples++;
    for (int row = 0; row < means.length; row++) {
      double delta = means[row] - mean[row];
      mean[row] += delta / samples;
      squares[row] += delta * (means[row] - mean[row]);
      noise[row] += noiseVariances[row];
    }
  }

  /** The number of samples added, S. */
  public int samples() {
    return samples;
  }

  /**
   * The predictive mean of every row.
   *
   * @return N values, in the units of the outcome
   * @throws IllegalStateException if no sample was added
   */
  public double[] mean() {
    requireSamples();
    return mean.clone();
  }

  /**
   * The variance of the samples' means of every row (epistemic): {@code 1/S sum_s (m_s - mean)^2},
   * the variance of the mixture and so divided by S, not S - 1.
   *
   * @return N values, in squared units of the outcome
   * @throws IllegalStateException if no sample was added
   */
  public double[] meanVariance() {
    return average(squares);
  }

  /**
   * The mean of the samples' noise variances of every row (aleatoric).
   *
   * @return N values, in squared units of the outcome
   * @throws IllegalStateException if no sample was added
   */
  public double[] noiseVariance() {
    return average(noise);
  }

  /**
   * The predictive variance of every row, {@link #meanVariance} plus {@link #noiseVariance}.
   *
   * @return N values, in squared units of the outcome
   * @throws IllegalStateException if no sample was added
   */
  public double[] variance() {
    double[] variance = meanVariance();
    double[] noiseVariance = noiseVariance();
    for (int row = 0; row < variance.length; row++) {
      variance[row] += noiseVariance[row];
    }
    return variance;
  }

  private double[] average(double[] sums) {
    requireSamples();
    double[] average = sums.clone();
    for (int row = 0; row < average.length; row++) {
      average[row] /= samples;
    }
    return average;
  }

  private void requireSamples() {
    if (samples == 0) {
      throw new IllegalStateException("no sample was added");
    }
  }
}
