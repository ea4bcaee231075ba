package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegressionTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void takesTheRootOfTheMeanSquare() {
    // Errors 3, 4, 0, 5: the root of 50 / 4.
    assertThat(Regression.rmse(new double[] {4, -2, 7, 0}, new double[] {1, 2, 7, 5}))
        .isCloseTo(Math.sqrt(12.5), within(1e-15));
    assertThat(Regression.rmse(new double[] {2}, new double[] {-1})).isEqualTo(3);
    assertThat(Regression.rmse(new double[] {2, 3}, new double[] {2, 3})).isZero();
  }

  @Test
  void negatesTheMeanLogDensity() {
    assertThat(Regression.negativeLogLikelihood(new double[] {-1, 2, -7})).isEqualTo(2);
    assertThat(Regression.negativeLogLikelihood(new double[] {0, -INFINITY})).isEqualTo(INFINITY);
  }

  @Test
  void countsTheEndsOfAnInterval() {
    double[] outcomes = {0, 1, 0.5, -0.1, 1.1};
    assertThat(Regression.coverage(new double[5], new double[] {1, 1, 1, 1, 1}, outcomes))
        .isEqualTo(0.6);
    assertThat(
            Regression.coverage(
                new double[] {-INFINITY, 2},
                new double[] {INFINITY, INFINITY},
                new double[] {5, 1}))
        .isEqualTo(0.5);
  }

  @Test
  void weighsTheSidesOfAQuantile() {
    // 0.9 * 2 for an outcome 2 above, 0.1 * 3 for one 3 below, 0 for a hit.
    assertThat(Regression.pinball(new double[] {1, 1, 1}, 0.9, new double[] {3, -2, 1}))
        .isCloseTo((1.8 + 0.3) / 3, within(1e-15));
  }

  @Test
  void pinballIsLeastAtTheQuantile() {
    // The 0.8-quantile of Uniform(0, 1) is 0.8; moving by 0.1 costs 0.1^2 / 2 = 0.005. The loss
    // difference has a standard deviation below 0.1, so its mean over 20,000 rows one below 7e-4.
    int rows = 20_000;
    SplittableRandom random = new SplittableRandom(3);
    double[] outcomes = random.doubles(rows).toArray();
    double[] best = new double[rows];
    double[] low = new double[rows];
    double[] high = new double[rows];
    Arrays.fill(best, 0.8);
    Arrays.fill(low, 0.7);
    Arrays.fill(high, 0.9);
    double least = Regression.pinball(best, 0.8, outcomes);
    assertThat(Regression.pinball(low, 0.8, outcomes) - least).isCloseTo(0.005, within(0.0028));
    assertThat(Regression.pinball(high, 0.8, outcomes) - least).isCloseTo(0.005, within(0.0028));
  }

  @Test
  void refusesWrongSizes() {
    double[] two = new double[2];
    double[] three = new double[3];
    assertThatThrownBy(() -> Regression.rmse(three, two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("means: 3 values, expected 2 (outcomes)");
    assertThatThrownBy(() -> Regression.pinball(three, 0.5, two))
        .hasMessage("quantiles: 3 values, expected 2 (outcomes)");
    assertThatThrownBy(() -> Regression.coverage(three, two, two))
        .hasMessage("lower: 3 values, expected 2 (outcomes)");
    assertThatThrownBy(() -> Regression.coverage(two, three, two))
        .hasMessage("upper: 3 values, expected 2 (outcomes)");
  }

  @Test
  void refusesNoRows() {
    double[] none = new double[0];
    String empty = "outcomes: empty, at least one value is needed";
    assertThatThrownBy(() -> Regression.rmse(none, none)).hasMessage(empty);
    assertThatThrownBy(() -> Regression.pinball(none, 0.5, none)).hasMessage(empty);
    assertThatThrownBy(() -> Regression.coverage(none, none, none)).hasMessage(empty);
    assertThatThrownBy(() -> Regression.negativeLogLikelihood(none))
        .hasMessage("log densities: empty, at least one value is needed");
  }

  @Test
  void refusesWhatIsNoNumber() {
    double[] zeros = new double[2];
    double[] bad = {0, Double.NaN};
    assertThatThrownBy(() -> Regression.rmse(new double[] {0, INFINITY}, zeros))
        .hasMessage("means, row 1: Infinity is not a finite number");
    assertThatThrownBy(() -> Regression.rmse(zeros, bad))
        .hasMessage("outcomes, row 1: NaN is not a finite number");
    assertThatThrownBy(() -> Regression.pinball(bad, 0.5, zeros))
        .hasMessage("quantiles, row 1: NaN is not a finite number");
    assertThatThrownBy(() -> Regression.coverage(zeros, zeros, bad))
        .hasMessage("outcomes, row 1: NaN is not a finite number");
    assertThatThrownBy(() -> Regression.coverage(bad, zeros, zeros))
        .hasMessage("interval, row 1: from NaN to 0.0");
    assertThatThrownBy(() -> Regression.coverage(new double[] {2, 0}, new double[] {1, 0}, zeros))
        .hasMessage("interval, row 0: from 2.0 to 1.0");
    assertThatThrownBy(() -> Regression.negativeLogLikelihood(bad))
        .hasMessage("log densities, row 1: NaN");
  }

  @Test
  void refusesLevelsThatAreNoProbabilities() {
    for (double level : new double[] {0, 1, -0.1, 95, Double.NaN}) {
      assertThatThrownBy(() -> Regression.pinball(new double[1], level, new double[1]))
          .hasMessage("level: " + level + " is not between 0 and 1");
    }
  }
}
