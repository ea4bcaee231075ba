package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, -1",
    "+7, 7",
    "1.5, 1.5",
    ".5, 0.5",
    "5., 5",
    "1e3, 1000",
    "1E-2, 0.01",
    "2.5e+1, 25",
    "1e-60, 0",
    "3.4028235e38, 3.4028235e38"
  })
  void readsNumbers(String text, float value) {
    assertThat(Decimal.parse(text)).isEqualTo(value);
    assertThat(Decimal.parse(" " + text + "\t")).isEqualTo(value);
    assertThat(Decimal.isMeant(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc", "1f", "1d", "0x10", "1,5", "--1", "+", ".", "e5", "1e", "1e+", "1.2.3", "1 2", "٣",
        "?", "NA"
      })
  void refusesText(String text) {
    assertThatExceptionOfType(NumberFormatException.class)
        .isThrownBy(() -> Decimal.parse(text))
        .withMessage("'" + text + "' is not a number");
    assertThat(Decimal.isMeant(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "nan", "-inf", "+Infinity", "INF"})
  void refusesWhatIsNotFinite(String text) {
    assertThatExceptionOfType(NumberFormatException.class)
        .isThrownBy(() -> Decimal.parse(text))
        .withMessage("'" + text + "' is not a finite number");
    assertThat(Decimal.isMeant(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e39", "-3.5e38", "1e99999999999"})
  void refusesWhatNoFloatHolds(String text) {
    assertThatExceptionOfType(NumberFormatException.class)
        .isThrownBy(() -> Decimal.parse(text))
        .withMessage("'" + text + "' is beyond the range of a 32-bit float");
  }

  @Test
  void callsAnEmptyFieldMissing() {
    assertThatExceptionOfType(NumberFormatException.class)
        .isThrownBy(() -> Decimal.parse("  "))
        .withMessage("missing value");
    assertThat(Decimal.isMeant("")).isTrue();
  }
}
