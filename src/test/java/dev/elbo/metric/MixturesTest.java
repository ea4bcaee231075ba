package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.metric.Mixtures.Family;
import org.junit.jupiter.api.Test;

class MixturesTest {
  private static final double[] ONE = {1};

  @Test
  void quantilesOfOneStudentTAreThePublishedOnes() {
    // Tables of Student's t: 2.5 % and 97.5 % with 4 degrees of freedom, 5 % with one.
    Mixtures t = new Mixtures(new double[] {10}, new double[] {2}, 1, new Family.StudentT(4));
    assertThat(t.quantile(0.975)[0]).isCloseTo(10 + 2 * 2.7764451051977987, within(1e-9));
    assertThat(t.quantile(0.025)[0]).isCloseTo(10 - 2 * 2.7764451051977987, within(1e-9));
    Mixtures cauchy = new Mixtures(new double[] {0}, ONE, 1, new Family.StudentT(1));
    assertThat(cauchy.quantile(0.95)[0]).isCloseTo(Math.tan(0.45 * Math.PI), within(1e-9));
  }

  @Test
  void quantilesOfMixturesInvertTheDistribution() {
    double[] locations = {-1, 4, 0.5, 7, 7, 7};
    double[] scales = {0.5, 1, 2, 3, 3, 3};
    Mixtures t = new Mixtures(locations, scales, 3, new Family.StudentT(3));
    for (double level : new double[] {1e-6, 0.025, 0.3, 0.5, 0.975}) {
      double[] quantiles = t.quantile(level);
      assertThat(t.cdf(0, quantiles[0])).isCloseTo(level, within(1e-9));
      assertThat(t.cdf(1, quantiles[1])).isCloseTo(level, within(1e-9));
    }
  }

  @Test
  void quantilesOfCountsAreTheSmallestThatReachTheLevel() {
    Mixtures counts =
        new Mixtures(new double[] {3, 3, 0.5, 20}, new double[4], 2, new Family.Poisson());
    // P(Y <= k) of Poisson(3): 0.0498 0.1991 0.4232 0.6472 0.8153 0.9161 0.9665 0.9881
    assertThat(counts.quantile(0.025)[0]).isEqualTo(0);
    assertThat(counts.quantile(0.2)[0]).isEqualTo(2);
    assertThat(counts.quantile(0.975)[0]).isEqualTo(7);
    for (double level : new double[] {0.025, 0.4, 0.5, 0.6, 0.975}) {
      double k = counts.quantile(level)[1];
      assertThat(counts.cdf(1, k)).isGreaterThanOrEqualTo(level);
      assertThat(counts.cdf(1, k - 1)).isLessThan(level);
    }
  }

  @Test
  void aVanishingRateCountsNothing() {
    Mixtures none = new Mixtures(new double[] {0}, ONE, 1, new Family.Poisson());
    assertThat(none.quantile(0.975)[0]).isZero();
  }

  @Test
  void refusesWrongSizes() {
    Family family = new Family.Poisson();
    assertThatThrownBy(() -> new Mixtures(new double[4], new double[3], 2, family))
        .hasMessage("scales: 3 values, expected 4 (locations)");
    assertThatThrownBy(() -> new Mixtures(new double[4], new double[4], 3, family))
        .hasMessage("locations: 4 values do not make rows of 3 components");
    assertThatThrownBy(() -> new Mixtures(ONE, ONE, 1, family).quantile(1))
        .hasMessage("level: 1.0 is not between 0 and 1");
  }
}
