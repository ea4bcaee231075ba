package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardNormalTest {
  /** Measured against 2,409 values of mpmath: at most 6.4e-16 relative; 1e-15 in percent. */
  private static final Percentage ROUNDING = withinPercentage(1e-13);

  @ParameterizedTest // mpmath, 40 digits; on both sides of where one approximation hands over
  @CsvSource({
    "-20, 2.7536241186062337e-89",
    "-8, 6.22096057427178412e-16",
    "-5.7, 5.99037140106352819e-9",
    "-5.6, 1.07175902583109293e-8",
    "-3, 0.00134989803163009453",
    "-1.959963984540054, 0.0250000000000000109",
    "-0.68, 0.248252230453570513",
    "-0.67, 0.251428895095310102",
    "-0.1, 0.460172162722971016",
    "0, 0.5",
    "0.25, 0.598706325682923724",
    "0.67, 0.748571104904689898",
    "0.68, 0.751747769546429487",
    "1.5, 0.933192798731141934",
    "3, 0.998650101968369905",
    "5.6, 0.999999989282409742",
    "5.7, 0.999999994009628599",
    "8.5, 1"
  })
  void knowsItsDistribution(double x, double expected) {
    assertThat(StandardNormal.cdf(x)).isCloseTo(expected, ROUNDING);
  }

  @Test
  void endsAtZeroAndOne() {
    assertThat(StandardNormal.cdf(-38)).isPositive(); // 2.9e-316
    assertThat(StandardNormal.cdf(-40)).isZero();
    assertThat(StandardNormal.cdf(40)).isEqualTo(1);
    assertThat(StandardNormal.cdf(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(StandardNormal.cdf(Double.POSITIVE_INFINITY)).isEqualTo(1);
  }

  @Test
  void knowsItsDensity() {
    assertThat(StandardNormal.pdf(0)).isCloseTo(0.39894228040143268, ROUNDING);
    assertThat(StandardNormal.pdf(-2)).isCloseTo(0.053990966513188063, ROUNDING);
  }
}
