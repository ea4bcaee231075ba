package dev.elbo.metric;

import java.util.ArrayList;
import java.util.List;

/** How well the confidence in the most probable class agrees with how often it is correct. */
public final class Calibration {
  /** The number of bins that the literature reports, and {@code metrics.json}. */
  public static final int DEFAULT_BINS = 15;

  private Calibration() {}

  /**
   * The reliability table: M bins of equal width over the confidence in the most probable class.
   *
   * <p>Bin m holds the confidences in (m/M, (m+1)/M], the first one 0 as well.
   *
   * @param bins M, at least 1
   * @return the M bins, empty ones among them
   * @throws IllegalArgumentException if a label is missing or no class, or there is no bin
   */
  public static List<ReliabilityBin> reliability(
      LogProbabilities predicted, int[] labels, int bins) {
    predicted.requireLabels(labels);
    if (bins < 1) {
      throw new IllegalArgumentException("bins: " + bins + ", at least 1 is needed");
    }
    int[] count = new int[bins];
    int[] correct = new int[bins];
    double[] confidence = new double[bins];
    for (int row = 0; row < labels.length; row++) {
      int bin = bin(predicted.confidence(row), bins);
      count[bin]++;
      confidence[bin] += predicted.confidence(row);
      if (predicted.top(row) == labels[row]) {
        correct[bin]++;
      }
    }
    List<ReliabilityBin> table = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      table.add(
          new ReliabilityBin(
              edge(bin, bins),
              edge(bin + 1, bins),
              count[bin],
              confidence[bin] / count[bin],
              (double) correct[bin] / count[bin]));
    }
    return table;
  }

  /**
   * The expected calibration error, {@code sum_m n_m/N |accuracy_m - confidence_m|}, over the bins
   * of {@link #reliability}.
   *
   * <p>Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks (2017), equation 3.
   *
   * @param bins M, at least 1; {@link #DEFAULT_BINS} to compare with published numbers
   * @throws IllegalArgumentException if a label is missing or no class, or there is no bin
   */
  public static double expectedCalibrationError(
      LogProbabilities predicted, int[] labels, int bins) {
    double sum = 0;
    for (ReliabilityBin bin : reliability(predicted, labels, bins)) {
      if (bin.count() > 0) {
        sum += bin.count() * Math.abs(bin.accuracy() - bin.confidence());
      }
    }
    return sum / labels.length;
  }

  /** The bin of a confidence, decided by the very edges that the table shows. */
  private static int bin(double confidence, int bins) {
    int bin = Math.clamp((long) Math.ceil(confidence * bins) - 1, 0, bins - 1);
    if (bin > 0 && confidence <= edge(bin, bins)) {
      return bin - 1;
    }
    if (bin < bins - 1 && confidence > edge(bin + 1, bins)) {
      return bin + 1;
    }
    return bin;
  }

  private static double edge(int bin, int bins) {
    return (double) bin / bins;
  }
}
