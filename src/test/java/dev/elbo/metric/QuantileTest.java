package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileTest {
  private static final double[] LEVELS = {1e-9, 0.025, 0.3, 0.5, 0.975};

  /** The same number as bisection finds, from either side, in a few steps. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05, 1, 3})
  void newtonNeedsFewSteps(double spread) {
    SplittableRandom random = new SplittableRandom(3);
    double[] means = random.doubles(100, -1, 1).map(u -> 1 + spread * u).toArray();
    double[] sigmas = random.doubles(100, 0.4, 0.6).toArray();
    GaussianMixtures mixture = new GaussianMixtures(means, sigmas, 100);
    for (double level : LEVELS) {
      AtomicInteger evaluations = new AtomicInteger();
      double z = new GaussianMixtures(new double[] {0}, new double[] {1}, 1).quantile(level)[0];
      double found =
          Quantile.ofMixture(
              level,
              y -> {
                evaluations.incrementAndGet();
                return mixture.cdf(0, y);
              },
              y -> density(means, sigmas, y),
              means,
              sigmas,
              0,
              100,
              z);
      assertThat(evaluations).hasValueLessThan(12);
      // cdf is right to 1e-15, relative in the lower tail, and its slope there is the density.
      double error = 1e-14 * Math.max(level, 1e-9) / density(means, sigmas, found);
      assertThat(found).isCloseTo(bisection(mixture, level), within(1e-12 + error));
    }
  }

  private static double density(double[] means, double[] sigmas, double y) {
    double sum = 0;
    for (int i = 0; i < means.length; i++) {
      sum += StandardNormal.pdf((y - means[i]) / sigmas[i]) / sigmas[i];
    }
    return sum / means.length;
  }

  private static double bisection(GaussianMixtures mixture, double level) {
    double low = -100;
    double high = 100;
    for (double middle = 0; low < middle && middle < high; middle = low + (high - low) / 2) {
      if (mixture.cdf(0, middle) < level) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Where the density is 0 on one side, Newton's steps lead out of the bracket. */
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.49999, 0.7})
  void bisectsWhereNewtonFails(double level) {
    double found =
        Quantile.of(level, y -> y < 1 ? 0.5 * y * y : 1 - 0.5 / (y * y), y -> 0, 0, 50, 49, 1e-12);
    double expected = level < 0.5 ? Math.sqrt(2 * level) : Math.sqrt(0.5 / (1 - level));
    assertThat(found).isCloseTo(expected, within(1e-12));
  }
}
