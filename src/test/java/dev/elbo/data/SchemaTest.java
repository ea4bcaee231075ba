package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SchemaTest {
  private static Schema regression(List<String> features, String target) {
    return new Schema(
        Task.REGRESSION, features, Optional.of(target), List.of(), new Content.Table());
  }

  @Test
  void targetHasAPositionOnlyWhereAllNamesArePositions() {
    assertThat(regression(List.of("0", "1"), "2").targetPosition()).isEqualTo(OptionalInt.of(2));
    assertThat(regression(List.of("1", "2"), "0").targetPosition()).isEqualTo(OptionalInt.of(0));
    assertThat(regression(List.of("0", "2"), "1").targetPosition()).isEqualTo(OptionalInt.of(1));
    assertThat(regression(List.of("2", "0"), "1").targetPosition()).isEmpty();
    assertThat(regression(List.of("0", "1"), "3").targetPosition()).isEmpty();
    assertThat(regression(List.of("a", "b"), "2").targetPosition()).isEmpty();
  }

  @Test
  void refusesWhatNoModelCanBeTrainedFor() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> regression(List.of(), "y"))
        .withMessage("a schema without features");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Schema(
                    Task.CLASSIFICATION,
                    List.of("a"),
                    Optional.of("y"),
                    List.of("one"),
                    new Content.Table()))
        .withMessage("classification with 1 classes");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Schema(
                    Task.REGRESSION,
                    List.of("a"),
                    Optional.of("y"),
                    List.of("one"),
                    new Content.Table()))
        .withMessage("regression with 1 classes");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Schema(
                    Task.REGRESSION,
                    List.of("a"),
                    Optional.empty(),
                    List.of(),
                    new Content.Table()))
        .withMessage("regression without a target");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Schema(
                    Task.DENSITY_ESTIMATION,
                    List.of("a"),
                    Optional.empty(),
                    List.of(),
                    new Content.Images(2, 3, 1)))
        .withMessage("pictures of 2 x 3 pixels with 1 features");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Content.Images(2, 3, 0))
        .withMessage("pictures of 2 x 3 pixels up to 0.0");
  }
}
