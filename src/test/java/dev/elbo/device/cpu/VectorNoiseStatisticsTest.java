package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class VectorNoiseStatisticsTest {
  private static final int COUNT = 1_000_000;
  private static final long SEED = 20260901;

  @Test
  void theLawItselfIsRight() {
    // Abramowitz and Stegun, table 26.1.
    assertThat(NormalLaw.cdf(0)).isEqualTo(0.5);
    assertThat(NormalLaw.cdf(1)).isCloseTo(0.841344746068543, within(1e-14));
    assertThat(NormalLaw.cdf(-2)).isCloseTo(0.022750131948179, within(1e-14));
    assertThat(2 * NormalLaw.cdf(-4)).isCloseTo(NormalLaw.TAILS[1], within(1e-14));
  }

  @Test
  void aMillionLinearNormalsFollowTheLaw() {
    NormalSample sample = new NormalSample();
    sample.add(linear(SEED, 0, 0, 1), COUNT);
    sample.assertMoments();
    sample.assertTails();
    sample.assertKolmogorovSmirnov();
  }

  @Test
  void aMillionMatrixNormalsFollowTheLaw() {
    NormalSample sample = new NormalSample();
    sample.add(matrix(1), COUNT);
    sample.assertMoments();
    sample.assertTails();
    sample.assertKolmogorovSmirnov();
  }

  @Test
  @Tag("slow")
  void aHundredMillionNormalsFollowTheLaw() {
    NormalSample sample = new NormalSample();
    float[] part = new float[COUNT];
    for (int k = 0; k < 100; k++) {
      VectorNoise.linear(SEED, 1, 0, 1, (long) k * COUNT, COUNT, part, 0);
      sample.add(part, COUNT);
    }
    sample.assertMoments();
    sample.assertTails();
    sample.assertKolmogorovSmirnov();
  }

  @Test
  void signsAreFair() {
    float[] signs = new float[COUNT];
    VectorNoise.signs(SEED, 0, 0, 1, 0, COUNT, signs, 0);
    double sum = 0;
    double neighbours = 0;
    for (int i = 0; i < COUNT; i++) {
      sum += signs[i];
      neighbours += signs[i] * signs[(i + 1) % COUNT];
    }
    assertThat(Math.abs(sum)).isLessThan(5 * Math.sqrt(COUNT));
    assertThat(Math.abs(neighbours)).isLessThan(5 * Math.sqrt(COUNT));
  }

  @Test
  void sitesSamplesStepsAndSeedsAreIndependent() {
    float[] base = linear(SEED, 4, 4, 4);
    assertIndependent("site", base, linear(SEED, 5, 4, 4), 0);
    assertIndependent("sample", base, linear(SEED, 4, 5, 4), 0);
    assertIndependent("step", base, linear(SEED, 4, 4, 5), 0);
    assertIndependent("seed", base, linear(SEED + 1, 4, 4, 4), 0);
    assertIndependent("upper seed", base, linear(SEED + (1L << 32), 4, 4, 4), 0);
  }

  @Test
  void neighboursAreIndependent() {
    float[] values = linear(SEED, 6, 0, 1);
    float[] weights = matrix(6);
    for (int lag : new int[] {1, 2, 3, 4, 8}) {
      assertIndependent("linear lag " + lag, values, values, lag);
      assertIndependent("column lag " + lag, weights, weights, lag);
      assertIndependent("row lag " + lag, weights, weights, 1000 * lag);
    }
    // 16 rows on, the next block of rows begins.
    assertIndependent("row lag 16", weights, weights, 16_000);
  }

  /** Correlations of x and y and of their squares; each has standard error 1/sqrt(COUNT). */
  private static void assertIndependent(String what, float[] x, float[] y, int lag) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < COUNT; i++) {
      double a = x[i];
      double b = y[(i + lag) % COUNT];
      product += a * b;
      squares += (a * a - 1) * (b * b - 1) / 2;
    }
    double bound = 5 * Math.sqrt(COUNT);
    assertThat(Math.abs(product)).as(what).isLessThan(bound);
    assertThat(Math.abs(squares)).as(what + ", squares").isLessThan(bound);
  }

  private static float[] linear(long seed, int site, int sample, int step) {
    float[] values = new float[COUNT];
    VectorNoise.linear(seed, site, sample, step, 0, COUNT, values, 0);
    return values;
  }

  private static float[] matrix(int site) {
    float[] values = new float[COUNT];
    VectorNoise.matrix(SEED, site, 0, 1, 0, 1000, 0, 1000, values, 0, 1000);
    return values;
  }
}
