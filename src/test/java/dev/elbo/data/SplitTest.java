package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
  @ParameterizedTest
  @CsvSource({"100, 0.1, 10", "10, 0.25, 3", "10, 0.01, 1", "2, 0.5, 1", "10, 0, 0"})
  void everyRowIsInOnePart(int size, double fraction, int validation) {
    Split split = Split.of(7, size, fraction);

    assertThat(split.validation()).hasSize(validation).isSorted();
    assertThat(split.training()).hasSize(size - validation).isSorted();
    int[] all =
        IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.validation()))
            .sorted()
            .toArray();
    assertThat(all).isEqualTo(IntStream.range(0, size).toArray());
  }

  @Test
  void dependsOnTheSeedOnly() {
    int[] rows = Split.of(7, 1000, 0.1).validation();

    assertThat(Split.of(7, 1000, 0.1).validation()).isEqualTo(rows);
    assertThat(Split.of(8, 1000, 0.1).validation()).isNotEqualTo(rows);
    // A random tenth of 0..999 has a mean of 499.5 with standard error 27.4; not the first hundred.
    assertThat(Arrays.stream(rows).average().orElseThrow()).isBetween(362.0, 637.0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
  void refusesFractionsOutOfRange(double fraction) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Split.of(1, 10, fraction))
        .withMessage("validation fraction " + fraction + " is not at least 0 and below 1");
  }

  @Test
  void refusesToLeaveNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Split.of(1, 10, 0.96))
        .withMessage("validation fraction 0.96 of 10 rows leaves none to train with");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Split.of(1, 1, 0.1))
        .withMessage("validation fraction 0.1 of 1 rows leaves none to train with");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Split.of(1, 0, 0))
        .withMessage("validation fraction 0.0 of 0 rows leaves none to train with");
  }
}
