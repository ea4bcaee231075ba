package dev.elbo.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecialFunctionsTest {
  // The values of the C library's erf, erfc and lgamma, whose errors are below 1 ulp; the first ten
  // digits of those in Abramowitz and Stegun, tables 7.1 and 6.1, are the same.
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1124629160182849, 0.8875370839817152",
    "0.46, 0.4846553900016797, 0.5153446099983203",
    "0.5, 0.5204998778130465, 0.4795001221869535",
    "1, 0.8427007929497149, 0.15729920705028513",
    "1.5, 0.9661051464753108, 0.033894853524689274",
    "2, 0.9953222650189527, 0.004677734981047265",
    "3.9, 0.9999999652077514, 3.479224859723177e-08",
    "4.1, 0.9999999932999724, 6.700027654084918e-09",
    "5, 0.9999999999984626, 1.5374597944280351e-12",
    "10, 1, 2.088487583762545e-45",
    "26, 1, 5.663192408856143e-296"
  })
  void errorFunction(double x, double erf, double erfc) {
    // Cody's bound is 1e-16 of the approximation; the exponential adds a few ulps.
    assertThat(SpecialFunctions.erf(x)).isCloseTo(erf, within(4e-16));
    assertThat(SpecialFunctions.erf(-x)).isCloseTo(-erf, within(4e-16));
    assertThat(SpecialFunctions.erfc(x)).isCloseTo(erfc, within(2e-15 * erfc));
    assertThat(SpecialFunctions.erfc(-x)).isCloseTo(1 + erf, within(4e-16));
  }

  @Test
  void errorFunctionAtTheEnds() {
    assertThat(SpecialFunctions.erf(0)).isZero();
    assertThat(SpecialFunctions.erfc(0)).isEqualTo(1);
    assertThat(SpecialFunctions.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(SpecialFunctions.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(SpecialFunctions.erfc(Double.POSITIVE_INFINITY)).isZero();
    assertThat(SpecialFunctions.erf(Double.NaN)).isNaN();
    assertThat(SpecialFunctions.erfc(Double.NaN)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "0.001, 6.907178885383854",
    "0.1, 2.2527126517342055",
    "0.5, 0.5723649429247004",
    "1, 0",
    "1.5, -0.12078223763524543",
    "2, 0",
    "2.5, 0.2846828704729196",
    "3, 0.693147180559945",
    "4.5, 2.453736570842443",
    "10, 12.801827480081467",
    "100, 359.1342053695754",
    "1000.5, 5908.674175848678",
    "1000000, 12815504.569147611"
  })
  void logGamma(double x, double expected) {
    // Lanczos with these coefficients is good to about 1e-15; the sum of its terms loses a digit.
    assertThat(SpecialFunctions.logGamma(x))
        .isCloseTo(expected, within(1e-14 * Math.max(1, Math.abs(expected))));
  }
}
