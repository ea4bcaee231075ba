package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LogProbabilitiesTest {
  /** The log-probabilities of rows given as plain probabilities. */
  static LogProbabilities of(int classes, double... probabilities) {
    return new LogProbabilities(Arrays.stream(probabilities).map(Math::log).toArray(), classes);
  }

  @Test
  void readsRowsAndClasses() {
    LogProbabilities p = of(3, 0.2, 0.5, 0.3, 0.1, 0.1, 0.8);
    assertThat(p.rows()).isEqualTo(2);
    assertThat(p.at(1, 2)).isEqualTo(Math.log(0.8));
    assertThat(p.top(0)).isEqualTo(1);
    assertThat(p.top(1)).isEqualTo(2);
    assertThat(p.confidence(1)).isCloseTo(0.8, within(1e-15));
  }

  @Test
  void breaksTiesByTheLowestClass() {
    assertThat(of(3, 0.2, 0.4, 0.4).top(0)).isEqualTo(1);
    assertThat(of(2, 0.5, 0.5).top(0)).isZero();
  }

  @Test
  void holdsZerosAndCertainty() {
    LogProbabilities p = of(2, 0, 1);
    assertThat(p.at(0, 0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(p.confidence(0)).isEqualTo(1);
  }

  @Test
  void letsTheRoundingOfFloatPass() {
    assertThat(of(2, 0.5, 0.5009).rows()).isEqualTo(1);
    assertThatThrownBy(() -> of(2, 0.5, 0.5, 0.5, 0.502))
        .hasMessageStartingWith("log-probabilities, row 1: the probabilities sum to 1.00")
        .hasMessageEndingWith(", not to 1");
  }

  @Test
  void refusesWhatIsNoDistribution() {
    assertThatThrownBy(() -> new LogProbabilities(new double[] {0, 0}, 2)) // logs forgotten
        .hasMessage("log-probabilities, row 0: the probabilities sum to 2.0, not to 1");
    assertThatThrownBy(() -> new LogProbabilities(new double[] {Double.NaN, 0}, 2))
        .hasMessage("log-probabilities, row 0: the probabilities sum to NaN, not to 1");
    assertThatThrownBy(() -> new LogProbabilities(new double[] {Double.POSITIVE_INFINITY, 0}, 2))
        .hasMessage("log-probabilities, row 0: the probabilities sum to Infinity, not to 1");
  }

  @Test
  void refusesWrongSizes() {
    assertThatThrownBy(() -> new LogProbabilities(new double[] {0}, 1))
        .hasMessage("classes: 1, at least 2 are needed");
    assertThatThrownBy(() -> new LogProbabilities(new double[0], 2))
        .hasMessage("log-probabilities: empty, at least one value is needed");
    assertThatThrownBy(() -> new LogProbabilities(new double[7], 3))
        .hasMessage("log-probabilities: 7 values do not make rows of 3 classes");
  }

  @Test
  void refusesWrongLabels() {
    LogProbabilities p = of(2, 0.5, 0.5, 0.9, 0.1);
    assertThatThrownBy(() -> p.requireLabels(new int[] {0}))
        .hasMessage("labels: 1 values, expected 2 (rows of the log-probabilities)");
    assertThatThrownBy(() -> p.requireLabels(new int[] {0, 2}))
        .hasMessage("labels, row 1: 2 is not a class from 0 to 1");
    assertThatThrownBy(() -> p.requireLabels(new int[] {-1, 0}))
        .hasMessage("labels, row 0: -1 is not a class from 0 to 1");
  }
}
