package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogSpaceTest {
  private static final double ZERO = Double.NEGATIVE_INFINITY;

  @Test
  void addsWhatTheLogarithmsStandFor() {
    double[] logs = {Math.log(1), Math.log(2), Math.log(5)};
    assertThat(LogSpace.logSumExp(logs)).isCloseTo(Math.log(8), within(1e-15));
    assertThat(LogSpace.logMeanExp(logs)).isCloseTo(Math.log(8.0 / 3), within(1e-15));
  }

  @Test
  void survivesWhereTheExponentialsDoNot() {
    // exp(-2000) is 0 and exp(2000) infinite; the ulp of 2000 is 2.3e-13.
    assertThat(LogSpace.logSumExp(new double[] {-2000, -2000}))
        .isCloseTo(-2000 + Math.log(2), within(1e-12));
    assertThat(LogSpace.logMeanExp(new double[] {2000, 2000, 2000, ZERO}))
        .isCloseTo(2000 + Math.log(0.75), within(1e-12));
  }

  @Test
  void treatsMinusInfinityAsZero() {
    assertThat(LogSpace.logSumExp(new double[] {ZERO, ZERO})).isEqualTo(ZERO);
    assertThat(LogSpace.logSumExp(new double[] {ZERO, 3})).isEqualTo(3);
    assertThat(LogSpace.logMeanExp(new double[] {ZERO})).isEqualTo(ZERO);
  }

  @Test
  void passesOnInfinityAndNaN() {
    assertThat(LogSpace.logSumExp(new double[] {Double.POSITIVE_INFINITY, 1})).isInfinite();
    assertThat(LogSpace.logSumExp(new double[] {Double.NaN, 1})).isNaN();
    assertThat(LogSpace.logSumExp(new double[] {1, Double.NaN, ZERO})).isNaN();
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> LogSpace.logSumExp(new double[0]))
        .hasMessage("logs: empty, at least one value is needed");
    assertThatThrownBy(() -> LogSpace.logMeanExp(new double[0]))
        .hasMessage("logs: empty, at least one value is needed");
  }
}
