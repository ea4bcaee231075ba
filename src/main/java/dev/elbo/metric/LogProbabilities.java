package dev.elbo.metric;

/**
 * The predicted class probabilities of N rows, as natural logarithms so that tiny ones survive.
 *
 * <p>A probability of 0 is minus infinity. The array is shared, not copied.
 *
 * @param values {@code log p(c | x_n)}, N x C row-major, each row a distribution
 * @param classes C, at least 2
 */
@SuppressWarnings("ArrayRecordComponent") // a view of a buffer: identity is the equality wanted
public record LogProbabilities(double[] values, int classes) {
  /** A float32 log-softmax of logits near 1e4 is off by about 1e-3, the worst that is let pass. */
  private static final double SUM_TOLERANCE = 1e-3;

  /**
   * Checks the sizes, and that every row is a distribution.
   *
   * @throws IllegalArgumentException if the sizes do not fit, or the probabilities of a row sum to
   *     something else than 1 (which NaN does, and probabilities given without the logarithm)
   */
  public LogProbabilities {
    if (classes < 2) {
      throw new IllegalArgumentException("classes: " + classes + ", at least 2 are needed");
    }
    Check.notEmpty("log-probabilities", values.length);
    if (values.length % classes != 0) {
      throw new IllegalArgumentException(
          "log-probabilities: "
              + values.length
              + " values do not make rows of "
              + classes
              + " classes");
    }
    for (int row = 0; row < values.length / classes; row++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(values[row * classes + c]);
      }
      if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) { // so written that NaN is refused
        throw new IllegalArgumentException(
            "log-probabilities, row " + row + ": the probabilities sum to " + sum + ", not to 1");
      }
    }
  }

  /** The number of rows, N. */
  public int rows() {
    return values.length / classes;
  }

  /** {@code log p(label | x_row)}, in nats; rows and labels count from 0. */
  public double at(int row, int label) {
    return values[row * classes + label];
  }

  /** The most probable class of a row; of several equally probable ones the lowest. */
  public int top(int row) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (at(row, c) > at(row, best)) {
        best = c;
      }
    }
    return best;
  }

  /** The confidence of a row: the probability of its most probable class. */
  public double confidence(int row) {
    return Math.exp(at(row, top(row)));
  }

  /** Refuses labels that are not one class index for every row. */
  void requireLabels(int[] labels) {
    Check.sameLength("labels", labels.length, "rows of the log-probabilities", rows());
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new IllegalArgumentException(
            "labels, row "
                + row
                + ": "
                + labels[row]
                + " is not a class from 0 to "
                + (classes - 1));
      }
    }
  }
}
