package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.elbo.layer.Observations;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsTest {
  @Test
  void rowsThatStandAloneAreWindowsOfOne() {
    Windows windows = Windows.of(new Observations.Labelled(), 7);
    assertThat(windows).isEqualTo(new Windows(1, 7));
    assertThat(windows.count()).isEqualTo(7);
    assertThat(windows.first(3, 5)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"4,4,1", "4,7,1", "4,8,1", "4,11,2", "4,15,3", "5,103,19"})
  void anEpochHasWholeWindowsWhereverItBegins(int length, int rows, int count) {
    Windows windows = new Windows(length, rows);
    assertThat(windows.count()).isEqualTo(count);
    Set<Integer> firsts = new HashSet<>();
    for (int epoch = 0; epoch < 400; epoch++) {
      int first = windows.first(1, epoch);
      assertThat(first).isBetween(0, rows - count * length).isLessThan(length);
      firsts.add(first);
    }
    assertThat(firsts).hasSize(Math.min(length, rows - count * length + 1));
  }

  @Test
  void fewerRowsThanAWindowAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Windows(9, 8))
        .withMessage("8 rows are fewer than one window of 9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Observations.Sequences(0))
        .withMessage("a window needs at least one row, got 0");
  }

  @Test
  void aBatchIsWholeWindowsAndAnEpochSeesEachOnce() {
    Windows windows = new Windows(3, 20);
    BatchRows rows = new BatchRows(1, 5, windows, 2);
    int first = windows.first(5, 0);
    Set<Float> begins = new HashSet<>();
    for (int step = 1; step <= 3; step++) {
      float[] numbers = rows.of(step);
      assertThat(numbers).hasSize(6);
      for (int w = 0; w < 2; w++) {
        float begin = numbers[3 * w];
        assertThat(numbers[3 * w + 1]).isEqualTo(begin + 1);
        assertThat(numbers[3 * w + 2]).isEqualTo(begin + 2);
        assertThat((begin - first) % 3).isZero();
        begins.add(begin);
      }
    }
    assertThat(begins).hasSize(6);
  }
}
