package dev.elbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void zerosHasTheElementsOfItsShape() {
    assertThat(Tensor.zeros(Shape.of(2, 3)).values()).containsExactly(0, 0, 0, 0, 0, 0);
  }

  @Test
  void theArrayIsShared() {
    float[] values = {1, 2};
    assertThat(new Tensor(Shape.of(2), values).values()).isSameAs(values);
  }

  @Test
  void tooFewValuesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor(Shape.of(2, 2), new float[3]))
        .withMessage("a tensor of shape [2x2] needs 4 values, got 3");
  }
}
