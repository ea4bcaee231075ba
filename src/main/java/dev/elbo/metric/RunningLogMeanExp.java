package dev.elbo.metric;

import java.util.Arrays;

/**
 * Element by element the log of the mean of exponentials over samples that come one at a time,
 * {@code log 1/S sum_s exp(x_s)}.
 *
 * <p>With log densities {@code x_s = log p(y | x, W_s)} it is the log of the posterior predictive
 * density. Memory is three numbers an element, whatever S is. Not safe for use by several threads.
 */
public final class RunningLogMeanExp {
  /** Products of normal numbers below it might not be normal. */
  private static final double SMALL = 1e-290;

  private final double[] max;
  private final double[] unit; // exp(-max)
  private final double[] scaled; // sum_s exp(x_s - max)
  private int samples;

  /**
   * An accumulator without samples.
   *
   * @param size the number of elements, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public RunningLogMeanExp(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size: " + size + ", at least 1 is needed");
    }
    max = new double[size];
    unit = new double[size];
    scaled = new double[size];
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  /**
   * Adds one sample; a refused one changes nothing.
   *
   * @param logs a value for every element; minus infinity stands for the number 0
   * @throws IllegalArgumentException if there are more or fewer values, or one is NaN or infinite
   */
  public void add(double[] logs) {
    Check.sameLength("logs", logs.length, "size of the accumulator", max.length);
    for (int i = 0; i < logs.length; i++) {
      if (!(logs[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "logs, element " + i + ", sample " + samples + ": " + logs[i]);
      }
    }
    for (int i = 0; i < logs.length; i++) {
      add(i, logs[i], 0);
    }
    samples++;
  }

  /**
   * Adds one sample of probabilities, which saves their exponentials.
   *
   * @param logs log p for every element
   * @param p for every element; it is not looked at where it is too small to be exact
   */
  void add(double[] logs, double[] p) {
    for (int i = 0; i < logs.length; i++) {
      add(i, logs[i], p[i]);
    }
    samples++;
  }

  private void add(int i, double log, double exp) {
    if (log > max[i]) {
      scaled[i] = scaled[i] * Math.exp(max[i] - log) + 1;
      max[i] = log;
      unit[i] = Math.exp(-log);
    } else if (exp > SMALL && unit[i] < 1 / SMALL) {
      scaled[i] += exp * unit[i];
    } else if (log != Double.NEGATIVE_INFINITY) {
      scaled[i] += Math.exp(log - max[i]);
    }
  }

  /** The number of samples added, S. */
  public int samples() {
    return samples;
  }

  /**
   * The log of the mean of the exponentials so far, an element each.
   *
   * @throws IllegalStateException if no sample was added
   */
  public double[] result() {
    if (samples == 0) {
      throw new IllegalStateException("no sample was added");
    }
    double[] result = new double[max.length];
    for (int i = 0; i < result.length; i++) {
      // Where all samples are 0, max is minus infinity and so is log(scaled): the sum is right.
      result[i] = max[i] + Math.log(scaled[i]) - Math.log(samples);
    }
    return result;
  }
}
