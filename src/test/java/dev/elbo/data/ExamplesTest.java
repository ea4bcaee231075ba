package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  private static final Examples THREE =
      new Examples(2, new float[] {1, 2, 3, 4, 5, 6}, new float[] {10, 20, 30});

  @Test
  void selectsRowsInTheOrderGivenAndMoreThanOnce() {
    Examples selected = THREE.select(new int[] {2, 0, 2});

    assertThat(THREE.size()).isEqualTo(3);
    assertThat(selected.size()).isEqualTo(3);
    assertThat(selected.inputs()).containsExactly(5, 6, 1, 2, 5, 6);
    assertThat(selected.targets()).containsExactly(30, 10, 30);
  }

  @Test
  void selectsRowsWithoutTargets() {
    Examples inputs = new Examples(2, THREE.inputs(), new float[0]);

    assertThat(inputs.size()).isEqualTo(3);
    assertThat(inputs.select(new int[] {1}).inputs()).containsExactly(3, 4);
    assertThat(inputs.select(new int[] {1}).targets()).isEmpty();
  }

  @Test
  void refusesSizesThatDoNotAgree() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Examples(0, new float[0], new float[0]))
        .withMessage("examples of 0 features");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Examples(2, new float[3], new float[1]))
        .withMessage("3 inputs are not whole rows of 2 features");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Examples(2, new float[4], new float[1]))
        .withMessage("1 targets for 2 rows");
  }

  @Test
  void datasetRefusesExamplesOfOtherWidthInEitherPart() {
    Schema schema =
        new Schema(
            Task.REGRESSION, List.of("a", "b"), Optional.of("y"), List.of(), new Content.Table());
    Examples one = new Examples(1, new float[1], new float[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dataset.of("set", schema, one))
        .withMessage("set: examples of 1 features, a schema of 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dataset.of("set", schema, THREE).withTest(one))
        .withMessage("set: examples of 1 features, a schema of 2");
  }
}
