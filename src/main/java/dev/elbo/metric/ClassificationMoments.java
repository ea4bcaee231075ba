package dev.elbo.metric;

/**
 * The posterior predictive of a classifier from weight samples that come one at a time.
 *
 * <p>Memory is that of two samples, whatever their number S is. Not safe for use by several
 * threads.
 */
public final class ClassificationMoments {
  private final int classes;
  private final RunningLogMeanExp predictive;
  private final double[] entropySum;

  /**
   * An accumulator without samples.
   *
   * @param rows N, at least 1
   * @param classes C, at least 2
   * @throws IllegalArgumentException if one is less, or N x C values do not fit an array
   */
  public ClassificationMoments(int rows, int classes) {
    if (rows < 1 || classes < 2 || (long) rows * classes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "size: "
              + rows
              + " rows of "
              + classes
              + " classes, needed are at least 1 of 2 and at"
              + " most 2^31 - 1 values");
    }
    this.classes = classes;
    predictive = new RunningLogMeanExp(rows * classes);
    entropySum = new double[rows];
  }

  /**
   * Adds the prediction of one weight sample, {@code log p(c | x_n, W_s)}; a refused one changes
   * nothing.
   *
   * @throws IllegalArgumentException if it has other rows or classes
   */
  public void add(LogProbabilities sample) {
    if (sample.rows() != entropySum.length || sample.classes() != classes) {
      throw new IllegalArgumentException(
          "sample: "
              + sample.rows()
              + " rows of "
              + sample.classes()
              + " classes, needed are "
              + entropySum.length
              + " of "
              + classes);
    }
    predictive.add(sample.values());
    double[] entropy = Classification.entropy(sample);
    for (int row = 0; row < entropy.length; row++) {
      entropySum[row] += entropy[row];
    }
  }

  /**
   * Adds the prediction of one weight sample, {@code p(c | x_n, W_s) = softmax(logits)}; a refused
   * one changes nothing.
   *
   * @param logits N x C, row-major
   * @throws IllegalArgumentException if there are more or fewer, or a row has NaN, infinity or
   *     nothing above minus infinity
   */
  public void addLogits(double[] logits) {
    Check.sameLength("logits", logits.length, "rows x classes", entropySum.length * classes);
    double[] logs = new double[logits.length];
    double[] p = new double[logits.length];
    for (int row = 0; row < entropySum.length; row++) {
      softmax(logits, row, logs, p);
    }
    predictive.add(logs, p);
    for (int i = 0; i < p.length; i++) {
      entropySum[i / classes] -= p[i] > 0 ? p[i] * logs[i] : 0; // 0 log 0 = 0
    }
  }

  private void softmax(double[] logits, int row, double[] logs, double[] p) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = row * classes; i < (row + 1) * classes; i++) {
      max = Math.max(max, logits[i]);
    }
    if (!Double.isFinite(max)) {
      throw new IllegalArgumentException("logits, row " + row + ": the largest is " + max);
    }
    double sum = 0;
    for (int i = row * classes; i < (row + 1) * classes; i++) {
      p[i] = Math.exp(logits[i] - max);
      sum += p[i];
    }
    double total = max + Math.log(sum);
    for (int i = row * classes; i < (row + 1) * classes; i++) {
      logs[i] = logits[i] - total;
      p[i] /= sum;
    }
  }

  /** The number of samples added, S. */
  public int samples() {
    return predictive.samples();
  }

  /**
   * The posterior predictive, {@code log p(c | x_n) = logsumexp_s log p(c | x_n, W_s) - log S}.
   *
   * @throws IllegalStateException if no sample was added
   */
  public LogProbabilities predictive() {
    return new LogProbabilities(predictive.result(), classes);
  }

  /**
   * The expected entropy of every row, {@code 1/S sum_s H[p(. | x_n, W_s)]}, in nats: the
   * uncertainty that would stay if the weights were known (aleatoric).
   *
   * @return N values
   * @throws IllegalStateException if no sample was added
   */
  public double[] expectedEntropy() {
    if (samples() == 0) {
      throw new IllegalStateException("no sample was added");
    }
    double[] expected = entropySum.clone();
    for (int row = 0; row < expected.length; row++) {
      expected[row] /= samples();
    }
    return expected;
  }

  /**
   * The mutual information of prediction and weights of every row, the entropy of the predictive
   * minus the expected entropy, in nats: the uncertainty that more data would remove (epistemic).
   *
   * <p>Houlsby, Huszar, Ghahramani, Lengyel: Bayesian Active Learning for Classification and
   * Preference Learning (2011), equation 2. Never negative: rounding below 0 is returned as 0.
   *
   * @return N values
   * @throws IllegalStateException if no sample was added
   */
  public double[] mutualInformation() {
    double[] information = Classification.entropy(predictive());
    double[] expected = expectedEntropy();
    for (int row = 0; row < information.length; row++) {
      information[row] = Math.max(0, information[row] - expected[row]);
    }
    return information;
  }
}
