package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GaussianMixturesTest {
  /** Row 0 is three Gaussians, row 1 one of them thrice. */
  private static final GaussianMixtures MIXTURES =
      new GaussianMixtures(
          new double[] {-1, 2, 0.3, 5, 5, 5}, new double[] {0.5, 1, 2, 3, 3, 3}, 3);

  @Test
  void readsRowsAndComponents() {
    assertThat(MIXTURES.rows()).isEqualTo(2);
    assertThat(MIXTURES.mean(0, 2)).isEqualTo(0.3);
    assertThat(MIXTURES.sigma(1, 0)).isEqualTo(3);
  }

  @Test
  void findsQuantiles() {
    // Bisection with 40 digits (mpmath), and 5 + 3 z with the normal's published z.
    double[][] expected = {
      {0.025, -2.5895690348080147, 5 - 3 * 1.959963984540054},
      {0.5, 0.17593516200715484, 5},
      {0.975, 3.808153377446335, 5 + 3 * 1.959963984540054},
    };
    for (double[] row : expected) {
      double[] found = MIXTURES.quantile(row[0]);
      assertThat(found[0]).isCloseTo(row[1], within(0.5e-10));
      assertThat(found[1]).isCloseTo(row[2], within(3e-10));
    }
  }

  @Test
  void findsQuantilesFarOut() {
    assertThat(MIXTURES.quantile(1e-12)[0]).isCloseTo(-13.459299006538803, within(0.5e-10));
    // Some 38 standard deviations out, the smallest level there is still has its place.
    double smallest = MIXTURES.quantile(Double.MIN_VALUE)[1];
    assertThat(smallest).isBetween(5 - 3 * 39.0, 5 - 3 * 38.0);
  }

  @Test
  void invertsTheDistribution() {
    for (double level = 0.01; level < 1; level += 0.07) {
      double[] quantiles = MIXTURES.quantile(level);
      // The density is at most 1/(sigma sqrt(2 pi)) = 0.8, the quantile off by 0.5e-10 at most.
      assertThat(MIXTURES.cdf(0, quantiles[0])).isCloseTo(level, within(1e-10));
      assertThat(MIXTURES.cdf(1, quantiles[1])).isCloseTo(level, within(1e-10));
    }
  }

  @Test
  void stopsWhereDoublesEnd() {
    // Doubles near 1e9 are 1.2e-7 apart, more than the tolerance.
    GaussianMixtures far = new GaussianMixtures(new double[] {1e9}, new double[] {1e-3}, 1);
    assertThat(far.quantile(0.5)[0]).isCloseTo(1e9, within(Math.ulp(1e9)));
  }

  @Test
  void quantilesOfAGapLieInIt() {
    // All of (1, 9) is the median of two far components; the distribution there is 1/2 to rounding.
    GaussianMixtures gap = new GaussianMixtures(new double[] {0, 10}, new double[] {0.01, 0.01}, 2);
    assertThat(gap.quantile(0.5)[0]).isBetween(0.07, 9.93);
    assertThat(gap.cdf(0, 5)).isEqualTo(0.5);
  }

  @Test
  void refusesWrongSizes() {
    assertThatThrownBy(() -> new GaussianMixtures(new double[0], new double[0], 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("means: empty, at least one value is needed");
    assertThatThrownBy(() -> new GaussianMixtures(new double[4], new double[3], 2))
        .hasMessage("sigmas: 3 values, expected 4 (means)");
    assertThatThrownBy(() -> new GaussianMixtures(new double[4], new double[4], 3))
        .hasMessage("means: 4 values do not make rows of 3 components");
    assertThatThrownBy(() -> new GaussianMixtures(new double[4], new double[4], 0))
        .hasMessage("means: 4 values do not make rows of 0 components");
  }

  @Test
  void refusesWhatIsNoGaussian() {
    double[] ones = {1, 1, 1, 1};
    assertThatThrownBy(() -> new GaussianMixtures(new double[] {0, 0, 0, Double.NaN}, ones, 2))
        .hasMessage("means, row 1, component 1: NaN is not finite");
    for (double sigma : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new GaussianMixtures(ones, new double[] {1, 1, sigma, 1}, 2))
          .hasMessage("sigmas, row 1, component 0: " + sigma + " is not positive and finite");
    }
  }

  @Test
  void refusesLevelsThatAreNoProbabilities() {
    assertThatThrownBy(() -> MIXTURES.quantile(1)).hasMessage("level: 1.0 is not between 0 and 1");
    assertThatThrownBy(() -> MIXTURES.quantile(0)).hasMessage("level: 0.0 is not between 0 and 1");
  }
}
