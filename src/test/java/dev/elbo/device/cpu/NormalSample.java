package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

/** Streams normals into power sums, tail counts and a fine histogram, and tests them. */
final class NormalSample {
  private static final int BINS_PER_UNIT = 1024;
  private static final int LIMIT = 8;

  private final double[] powers = new double[4];
  private final long[] tails = new long[3];
  private final long[] histogram = new long[2 * LIMIT * BINS_PER_UNIT];
  private double count;

  void add(float[] values, int length) {
    for (int i = 0; i < length; i++) {
      double x = values[i];
      double square = x * x;
      powers[0] += x;
      powers[1] += square;
      powers[2] += square * x;
      powers[3] += square * square;
      histogram[(int) ((x + LIMIT) * BINS_PER_UNIT)]++;
      double size = Math.abs(x);
      if (size > 3) {
        tails[0]++;
        tails[1] += size > 4 ? 1 : 0;
        tails[2] += size > 5 ? 1 : 0;
      }
    }
    count += length;
  }

  /** Mean powers against 0, 1, 0, 3, whose draws have variance 1, 2, 15 and 96. */
  void assertMoments() {
    double[] expected = {0, 1, 0, 3};
    double[] variance = {1, 2, 15, 96};
    for (int k = 0; k < 4; k++) {
      double z = (powers[k] / count - expected[k]) / Math.sqrt(variance[k] / count);
      assertThat(Math.abs(z)).as("moment %d in standard errors", k + 1).isLessThan(5);
    }
  }

  void assertTails() {
    for (int k = 0; k < 3; k++) {
      double p = NormalLaw.TAILS[k];
      double z = ((double) tails[k] - count * p) / Math.sqrt(count * p * (1 - p));
      assertThat(Math.abs(z)).as("P(|x| > %d) in standard errors", k + 3).isLessThan(5);
    }
  }

  /**
   * Kolmogorov-Smirnov at the edges of the histogram. The limiting law exceeds 2.225 with
   * probability 1e-4; looking at the edges alone only makes the statistic smaller.
   */
  void assertKolmogorovSmirnov() {
    double worst = 0;
    long below = 0;
    for (int bin = 0; bin < histogram.length; bin++) {
      double edge = bin / (double) BINS_PER_UNIT - LIMIT;
      worst = Math.max(worst, Math.abs((double) below / count - NormalLaw.cdf(edge)));
      below += histogram[bin];
    }
    assertThat(worst * Math.sqrt(count)).isLessThan(2.225);
  }
}
