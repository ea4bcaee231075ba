package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
  /** The rows of steps 1 to {@code steps}, one after the other. */
  private static int[] visit(Batches batches, int steps) {
    int[] all = new int[steps * batches.batch()];
    int[] rows = new int[batches.batch()];
    for (int step = 1; step <= steps; step++) {
      batches.rows(step, rows);
      System.arraycopy(rows, 0, all, (step - 1) * rows.length, rows.length);
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"10, 3", "10, 10", "7, 1", "1, 1", "5, 12", "1, 4", "128, 64"})
  void everyEpochSeesEveryExampleOnce(int size, int batch) {
    Batches batches = new Batches(42, size, batch);
    int epochs = 6;
    int[] visited = visit(batches, (int) batches.stepsPerEpochs(epochs));

    int[] all = new int[size];
    Arrays.setAll(all, i -> i);
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] seen = Arrays.copyOfRange(visited, epoch * size, (epoch + 1) * size);
      Arrays.sort(seen);
      assertThat(seen).as("epoch " + epoch).isEqualTo(all);
    }
  }

  @Test
  void theOrderDependsOnSeedAndEpoch() {
    int[] visited = visit(new Batches(1, 100, 100), 2);
    int[] other = visit(new Batches(2, 100, 100), 1);
    int[] first = Arrays.copyOf(visited, 100);

    assertThat(first).isNotEqualTo(Arrays.copyOfRange(visited, 100, 200)).isNotEqualTo(other);
    assertThat(visit(new Batches(1, 100, 100), 1)).isEqualTo(first);
  }

  @Test
  void theOrderDoesNotDependOnTheBatchSize() {
    assertThat(visit(new Batches(9, 10, 15), 4)).isEqualTo(visit(new Batches(9, 10, 3), 20));
  }

  @Test
  void aStepIsTheSameWhateverWasAskedBefore() {
    Batches forth = new Batches(3, 11, 4);
    Batches any = new Batches(3, 11, 4);
    int[] expected = visit(forth, 30);
    int[] rows = new int[4];
    for (int step : new int[] {30, 1, 17, 2, 29, 3, 3, 12}) {
      any.rows(step, rows);
      assertThat(rows).isEqualTo(Arrays.copyOfRange(expected, (step - 1) * 4, step * 4));
    }
  }

  @Test
  void countsStepsAndEpochs() {
    Batches batches = new Batches(0, 10, 4);

    // Epochs end within steps 3 (positions 8 to 11), at 5 (16 to 19), within 8 and at 10.
    assertThat(batches.stepsPerEpochs(0)).isEqualTo(0);
    assertThat(batches.stepsPerEpochs(1)).isEqualTo(3);
    assertThat(batches.stepsPerEpochs(2)).isEqualTo(5);
    assertThat(batches.stepsPerEpochs(3)).isEqualTo(8);
    for (int step = 1; step <= 10; step++) {
      boolean ends = step == 3 || step == 5 || step == 8 || step == 10;
      assertThat(batches.endsEpoch(step)).as("step " + step).isEqualTo(ends);
    }
    assertThat(new Batches(0, 3, 1000).endsEpoch(1)).isTrue();
    int most = Integer.MAX_VALUE;
    assertThat(new Batches(0, 1000, 1).stepsPerEpochs(most)).isEqualTo(1000L * most);
  }

  @Test
  void allocatesNothingOnceItRuns() {
    Batches batches = new Batches(5, 1000, 64);
    int[] rows = new int[64];
    Runnable someSteps =
        () -> {
          for (int step = 1; step <= 31; step++) {
            batches.rows(step, rows);
          }
        };
    someSteps.run();
    // Steps 17 to 31 are of epochs 1 and 2; filling a permutation may make an object of its own.
    assertThat(Allocation.of(someSteps)).isLessThan(2048);
  }

  @Test
  void refusesWhatIsNoBatchOrStep() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Batches(0, 0, 1))
        .withMessage("no examples to make batches of");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Batches(0, 1, 0))
        .withMessage("batch size 0 is not positive");
    Batches batches = new Batches(0, 10, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batches.rows(0, new int[4]))
        .withMessage("step 0 is not positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batches.endsEpoch(-3))
        .withMessage("step -3 is not positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batches.rows(1, new int[5]))
        .withMessage("room for 5 rows, a batch has 4");
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> batches.rows(Long.MAX_VALUE, new int[4]));
  }
}
