package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CrpsTest {
  private static final GaussianMixtures MIXTURE =
      new GaussianMixtures(new double[] {-1, 2, 0.3}, new double[] {0.5, 1, 2}, 3);

  @Test
  void scoresDrawsByHand() {
    // Draws 1, 2, 4 and outcome 3: mean error (2 + 1 + 1) / 3, mean distance of two (1 + 3 + 2) /
    // 3.
    assertThat(Crps.ofDraws(new double[] {4, 1, 2}, 3, new double[] {3}))
        .isCloseTo(4.0 / 3 - 2.0 / 2, within(1e-15));
    // Rows 0 and 1 score 1 - 2/2 = 0 and 5.
    assertThat(Crps.ofDraws(new double[] {0, 2, 5, 5}, 2, new double[] {1, 10})).isEqualTo(2.5);
  }

  @Test
  void scoresDrawsAsTheDoubleSum() {
    SplittableRandom random = new SplittableRandom(11);
    int perRow = 40;
    double[] outcomes = random.doubles(5, -1, 1).toArray();
    double[] draws = random.doubles(5L * perRow, -2, 2).toArray();
    double expected = 0;
    for (int row = 0; row < 5; row++) {
      for (int s = 0; s < perRow; s++) {
        expected += Math.abs(draws[row * perRow + s] - outcomes[row]) / perRow / 5;
        for (int t = 0; t < perRow; t++) {
          double distance = Math.abs(draws[row * perRow + s] - draws[row * perRow + t]);
          expected -= distance / 2 / perRow / (perRow - 1) / 5;
        }
      }
    }
    // 8,000 terms of about 1e-3 with one rounding each.
    assertThat(Crps.ofDraws(draws, perRow, outcomes)).isCloseTo(expected, within(1e-14));
  }

  @Test
  void keepsTheDigitsOfDrawsFarFromZero() {
    double[] far = {1e8 + 4, 1e8 + 1, 1e8 + 2};
    assertThat(Crps.ofDraws(far, 3, new double[] {1e8 + 3})).isCloseTo(1.0 / 3, within(1e-15));
  }

  @Test
  void scoresGaussiansAsTheIntegral() {
    // The integral of (F(x) - 1{x >= y})^2, by quadrature with 40 digits (mpmath).
    double[] zero = {0};
    double[] one = {1};
    assertThat(Crps.ofGaussian(zero, one, zero)).isCloseTo(0.23369497725510907, within(1e-15));
    assertThat(Crps.ofGaussian(zero, one, one)).isCloseTo(0.6024413576276163, within(1e-15));
    assertThat(Crps.ofGaussianMixture(MIXTURE, new double[] {0.7}))
        .isCloseTo(0.5490255642959962, within(1e-15));
  }

  @Test
  void hasTheUnitsOfTheOutcome() {
    // (m, sigma, y) -> (10 m + 3, 10 sigma, 10 y + 3) makes the score 10 times as large.
    assertThat(Crps.ofGaussian(new double[] {3}, new double[] {10}, new double[] {13}))
        .isCloseTo(6.024413576276163, within(1e-14));
  }

  @Test
  void becomesTheAbsoluteErrorOfAPoint() {
    // The spread of a Gaussian adds at most its sigma.
    assertThat(Crps.ofGaussian(new double[] {2}, new double[] {1e-9}, new double[] {-5}))
        .isCloseTo(7, within(1e-9));
  }

  @Test
  void ofAMixtureOfEqualsIsThatOfTheGaussian() {
    GaussianMixtures same =
        new GaussianMixtures(new double[] {0, 0, 0, 0, 0, 0}, new double[] {1, 1, 1, 1, 1, 1}, 3);
    assertThat(Crps.ofGaussianMixture(same, new double[] {1, 0}))
        .isCloseTo((0.6024413576276163 + 0.23369497725510907) / 2, within(1e-15));
  }

  @Test
  void drawsEstimateTheClosedFormWithoutBias() {
    // Five draws a row of the mixture: the biased estimator would be 1/5 of E|X - X'|/2 = 0.19 too
    // high. A row's score has a standard deviation below 1, so 4 standard errors are below 0.016.
    int rows = 62_500;
    SplittableRandom random = new SplittableRandom(17);
    double[] draws = new double[5 * rows];
    double[] outcomes = new double[rows];
    Arrays.fill(outcomes, 0.7);
    for (int i = 0; i < draws.length; i++) {
      int component = random.nextInt(3);
      draws[i] = random.nextGaussian(MIXTURE.mean(0, component), MIXTURE.sigma(0, component));
    }
    assertThat(Crps.ofDraws(draws, 5, outcomes)).isCloseTo(0.5490255642959962, within(0.016));
  }

  @Test
  void refusesWrongSizes() {
    double[] two = new double[2];
    assertThatThrownBy(() -> Crps.ofDraws(new double[5], 2, two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "draws: 5 values for 2 outcomes and 2 draws each, of which at least 2 are needed");
    assertThatThrownBy(() -> Crps.ofDraws(two, 1, two))
        .hasMessage(
            "draws: 2 values for 2 outcomes and 1 draws each, of which at least 2 are needed");
    assertThatThrownBy(() -> Crps.ofDraws(new double[0], 2, new double[0]))
        .hasMessage("outcomes: empty, at least one value is needed");
    assertThatThrownBy(() -> Crps.ofGaussianMixture(MIXTURE, two))
        .hasMessage("outcomes: 2 values, expected 1 (rows of the mixtures)");
    assertThatThrownBy(() -> Crps.ofGaussian(two, new double[] {1, 1}, new double[1]))
        .hasMessage("outcomes: 1 values, expected 2 (rows of the mixtures)");
  }

  @Test
  void refusesWhatIsNoNumber() {
    double[] bad = {0, Double.NaN};
    assertThatThrownBy(() -> Crps.ofDraws(bad, 2, new double[1]))
        .hasMessage("draws, row 1: NaN is not a finite number");
    assertThatThrownBy(() -> Crps.ofDraws(new double[4], 2, bad))
        .hasMessage("outcomes, row 1: NaN is not a finite number");
    assertThatThrownBy(() -> Crps.ofGaussian(new double[2], new double[] {1, 1}, bad))
        .hasMessage("outcomes, row 1: NaN is not a finite number");
  }
}
