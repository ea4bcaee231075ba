package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SelectiveTest {
  @Test
  void averagesTheMostConfidentRows() {
    // In order of confidence the losses are 0, 1, 0, 1.
    double[] confidences = {0.6, 0.9, 0.7, 0.8};
    double[] losses = {1, 0, 0, 1};
    assertThat(Selective.riskCoverage(confidences, losses))
        .containsExactly(new double[] {0, 1.0 / 2, 1.0 / 3, 2.0 / 4}, within(1e-15));
    assertThat(Selective.aurc(confidences, losses))
        .isCloseTo((1.0 / 2 + 1.0 / 3 + 1.0 / 2) / 4, within(1e-15));
  }

  @Test
  void averagesOverTheOrdersOfTies() {
    // Brute force: the mean of the curves of all six orders of the three tied losses 0, 3, 6.
    double[] tied = {0, 3, 6};
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    double[] expected = new double[5];
    for (int[] order : orders) {
      double[] losses = {1, tied[order[0]], tied[order[1]], tied[order[2]], 4};
      double sum = 0;
      for (int k = 0; k < 5; k++) {
        sum += losses[k];
        expected[k] += sum / (k + 1) / orders.length;
      }
    }
    assertThat(
            Selective.riskCoverage(
                new double[] {0.5, 0.9, 0.5, 0.1, 0.5}, new double[] {6, 1, 0, 4, 3}))
        .containsExactly(expected, within(1e-14));
  }

  @Test
  void takesZerosOfBothSignsAsEqual() {
    assertThat(Selective.riskCoverage(new double[] {-0.0, 0.0}, new double[] {0, 1}))
        .containsExactly(0.5, 0.5);
  }

  @Test
  void rewardsTheOrderOfLosses() {
    double[] losses = {0, 0, 0, 1};
    double perfect = Selective.aurc(new double[] {4, 3, 2, 1}, losses);
    double useless = Selective.aurc(new double[] {1, 1, 1, 1}, losses);
    double worst = Selective.aurc(new double[] {1, 2, 3, 4}, losses);
    assertThat(perfect).isEqualTo(0.25 / 4);
    assertThat(useless).isEqualTo(0.25);
    assertThat(worst).isCloseTo((1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4) / 4, within(1e-15));
  }

  @Test
  void takesOneRow() {
    assertThat(Selective.riskCoverage(new double[] {0.3}, new double[] {2})).containsExactly(2);
    assertThat(Selective.aurc(new double[] {0.3}, new double[] {2})).isEqualTo(2);
  }

  @Test
  void refusesBadRows() {
    double[] two = new double[2];
    assertThatThrownBy(() -> Selective.aurc(new double[0], new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("confidences: empty, at least one value is needed");
    assertThatThrownBy(() -> Selective.riskCoverage(two, new double[3]))
        .hasMessage("losses: 3 values, expected 2 (confidences)");
    assertThatThrownBy(() -> Selective.riskCoverage(new double[] {1, Double.NaN}, two))
        .hasMessage("confidences, row 1: NaN");
    assertThatThrownBy(() -> Selective.riskCoverage(two, new double[] {1, Double.NaN}))
        .hasMessage("losses, row 1: NaN is not a finite number");
  }
}
