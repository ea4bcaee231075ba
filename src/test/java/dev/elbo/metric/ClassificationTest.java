package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassificationTest {
  private static final int[] LABELS = {0, 1, 2, 2};

  /** Rows 0 and 3 are right, row 1 is a tie that the lower class wins, row 2 is wrong. */
  private static LogProbabilities predicted() {
    return LogProbabilitiesTest.of(3, 0.7, 0.2, 0.1, 0.4, 0.4, 0.2, 0.5, 0.25, 0.25, 0.0, 0.1, 0.9);
  }

  @Test
  void countsTheMostProbableClass() {
    assertThat(Classification.accuracy(predicted(), LABELS)).isEqualTo(0.5);
    assertThat(Classification.accuracy(predicted(), new int[] {0, 0, 0, 2})).isEqualTo(1);
    assertThat(Classification.accuracy(predicted(), new int[] {1, 1, 1, 1})).isZero();
  }

  @Test
  void averagesTheLogLikelihood() {
    // The product of the four labels' probabilities is 0.7 * 0.4 * 0.25 * 0.9 = 0.063.
    assertThat(Classification.negativeLogLikelihood(predicted(), LABELS))
        .isCloseTo(-Math.log(0.063) / 4, within(1e-15));
  }

  @Test
  void keepsTinyAndZeroProbabilitiesHonest() {
    LogProbabilities tiny = new LogProbabilities(new double[] {-1000, 0}, 2);
    assertThat(Classification.negativeLogLikelihood(tiny, new int[] {0})).isEqualTo(1000);
    assertThat(Classification.negativeLogLikelihood(predicted(), new int[] {0, 0, 0, 0}))
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void sumsTheBrierScoreOverAllClasses() {
    // Rows: .3^2 + .2^2 + .1^2, .4^2 + .6^2 + .2^2, .5^2 + .25^2 + .75^2, 0 + .1^2 + .1^2.
    double byHand = (0.14 + 0.56 + 0.875 + 0.02) / 4;
    assertThat(Classification.brier(predicted(), LABELS)).isCloseTo(byHand, within(1e-15));
  }

  @Test
  void boundsTheBrierScore() {
    LogProbabilities certain = LogProbabilitiesTest.of(2, 1, 0);
    assertThat(Classification.brier(certain, new int[] {0})).isZero();
    assertThat(Classification.brier(certain, new int[] {1})).isEqualTo(2);
  }

  @Test
  void computesTheEntropyOfEveryRow() {
    LogProbabilities p =
        LogProbabilitiesTest.of(4, 0.25, 0.25, 0.25, 0.25, 0, 1, 0, 0, 0.5, 0.25, 0.25, 0);
    // log C, certainty, and 1.5 bits.
    assertThat(Classification.entropy(p))
        .containsExactly(new double[] {Math.log(4), 0, 1.5 * Math.log(2)}, within(1e-15));
  }

  static ToDoubleBiFunction<?, ?>[] scores() {
    ToDoubleBiFunction<LogProbabilities, int[]> ece =
        (p, y) -> Calibration.expectedCalibrationError(p, y, 15);
    ToDoubleBiFunction<LogProbabilities, int[]> accuracy = Classification::accuracy;
    ToDoubleBiFunction<LogProbabilities, int[]> nll = Classification::negativeLogLikelihood;
    ToDoubleBiFunction<LogProbabilities, int[]> brier = Classification::brier;
    return new ToDoubleBiFunction<?, ?>[] {accuracy, nll, brier, ece};
  }

  @ParameterizedTest
  @MethodSource("scores")
  void doesNotDependOnTheOrderOfRows(ToDoubleBiFunction<LogProbabilities, int[]> score) {
    LogProbabilities reversed =
        LogProbabilitiesTest.of(3, 0.0, 0.1, 0.9, 0.5, 0.25, 0.25, 0.4, 0.4, 0.2, 0.7, 0.2, 0.1);
    assertThat(score.applyAsDouble(reversed, new int[] {2, 2, 1, 0}))
        .isCloseTo(score.applyAsDouble(predicted(), LABELS), within(1e-15));
  }

  @ParameterizedTest
  @MethodSource("scores")
  void refusesWrongLabels(ToDoubleBiFunction<LogProbabilities, int[]> score) {
    assertThatThrownBy(() -> score.applyAsDouble(predicted(), new int[] {0, 1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels, row 3: 3 is not a class from 0 to 2");
  }
}
