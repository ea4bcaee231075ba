package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void fillsTheTable() {
    // Confidences 0.9 and 0.8 (right, wrong) in the bin up to 1, 0.6 (right) in the one up to 0.75.
    LogProbabilities p = LogProbabilitiesTest.of(2, 0.9, 0.1, 0.2, 0.8, 0.6, 0.4);
    List<ReliabilityBin> table = Calibration.reliability(p, new int[] {0, 0, 0}, 4);

    assertThat(table).extracting(ReliabilityBin::lower).containsExactly(0.0, 0.25, 0.5, 0.75);
    assertThat(table).extracting(ReliabilityBin::upper).containsExactly(0.25, 0.5, 0.75, 1.0);
    assertThat(table).extracting(ReliabilityBin::count).containsExactly(0, 0, 1, 2);
    assertThat(table.get(0).confidence()).isNaN();
    assertThat(table.get(0).accuracy()).isNaN();
    assertThat(table.get(2).confidence()).isCloseTo(0.6, within(1e-15));
    assertThat(table.get(2).accuracy()).isEqualTo(1);
    assertThat(table.get(3).confidence()).isCloseTo(0.85, within(1e-15));
    assertThat(table.get(3).accuracy()).isEqualTo(0.5);
    // 1/3 |1 - 0.6| + 2/3 |0.5 - 0.85|
    assertThat(Calibration.expectedCalibrationError(p, new int[] {0, 0, 0}, 4))
        .isCloseTo(1.1 / 3, within(1e-15));
  }

  @Test
  void putsAnEdgeIntoTheLowerBin() {
    // log and exp return 0.5 exactly, which ends the first of two bins and the second of four.
    LogProbabilities half = LogProbabilitiesTest.of(2, 0.5, 0.5);
    assertThat(Math.exp(Math.log(0.5))).isEqualTo(0.5);
    assertThat(Calibration.reliability(half, new int[] {0}, 2))
        .extracting(ReliabilityBin::count)
        .containsExactly(1, 0);
    assertThat(Calibration.reliability(half, new int[] {0}, 4))
        .extracting(ReliabilityBin::count)
        .containsExactly(0, 1, 0, 0);
  }

  @Test
  void neverContradictsTheEdgesItShows() {
    // One row of confidence at, just below and just above every edge that is over a half.
    for (int bins = 1; bins <= 60; bins++) {
      for (int edge = bins / 2 + 1; edge <= bins; edge++) {
        double log = Math.log((double) edge / bins);
        for (double nearby : new double[] {Math.nextDown(log), log, Math.nextUp(log)}) {
          double[] row = {nearby, Math.log1p(-Math.min(1, Math.exp(nearby)))};
          LogProbabilities p = new LogProbabilities(row, 2);
          ReliabilityBin bin =
              Calibration.reliability(p, new int[] {0}, bins).stream()
                  .filter(b -> b.count() == 1)
                  .findFirst()
                  .orElseThrow();
          assertThat(bin.confidence()).isGreaterThan(bin.lower());
          if (bin.upper() < 1) {
            assertThat(bin.confidence()).isLessThanOrEqualTo(bin.upper());
          }
        }
      }
    }
  }

  @Test
  void isZeroForCertaintyThatIsRightAndOneForCertaintyThatIsWrong() {
    LogProbabilities certain = LogProbabilitiesTest.of(2, 1, 0);
    assertThat(Calibration.expectedCalibrationError(certain, new int[] {0}, 15)).isZero();
    assertThat(Calibration.expectedCalibrationError(certain, new int[] {1}, 15)).isEqualTo(1);
  }

  @Test
  void keepsAConfidenceThatRoundingLiftedOverOne() {
    LogProbabilities p = new LogProbabilities(new double[] {1e-4, Double.NEGATIVE_INFINITY}, 2);
    assertThat(Calibration.reliability(p, new int[] {0}, 15).get(14).count()).isEqualTo(1);
  }

  @Test
  void tendsToTheKnownMiscalibration() {
    // Labels follow p, but the prediction says 0.95 where p = 0.75 and 0.55 where it is exact: the
    // error is 0.5 * 0.2. With 20,000 rows a bin the standard error is below 0.004; 4 of them.
    int rows = 40_000;
    SplittableRandom random = new SplittableRandom(5);
    double[] p = new double[2 * rows];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      boolean wrong = row % 2 == 0;
      p[2 * row] = wrong ? 0.95 : 0.55;
      p[2 * row + 1] = 1 - p[2 * row];
      labels[row] = random.nextDouble() < (wrong ? 0.75 : 0.55) ? 0 : 1;
    }
    assertThat(
            Calibration.expectedCalibrationError(
                LogProbabilitiesTest.of(2, p), labels, Calibration.DEFAULT_BINS))
        .isCloseTo(0.1, within(0.016));
  }

  @Test
  void usesFifteenBins() {
    assertThat(Calibration.DEFAULT_BINS).isEqualTo(15);
  }

  @Test
  void refusesNoBins() {
    assertThatThrownBy(
            () -> Calibration.reliability(LogProbabilitiesTest.of(2, 1, 0), new int[] {0}, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bins: 0, at least 1 is needed");
  }
}
