package dev.elbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void aScalarHasOneElement() {
    assertThat(Shape.SCALAR.rank()).isZero();
    assertThat(Shape.SCALAR.elements()).isEqualTo(1);
    assertThat(Shape.SCALAR.rows()).isEqualTo(1);
    assertThat(Shape.SCALAR.columns()).isEqualTo(1);
    assertThat(Shape.SCALAR).hasToString("[]");
  }

  @Test
  void aTensorIsSeenAsAMatrixOfItsLastSize() {
    Shape shape = Shape.of(2, 3, 5);
    assertThat(shape.rank()).isEqualTo(3);
    assertThat(shape.elements()).isEqualTo(30);
    assertThat(shape.rows()).isEqualTo(6);
    assertThat(shape.columns()).isEqualTo(5);
    assertThat(shape).hasToString("[2x3x5]");
  }

  @Test
  void aSizeBelowOneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(4, 0))
        .withMessage("shape [4, 0] has a size below 1");
  }

  @Test
  void moreElementsThanAnArrayHoldsAreRefused() {
    assertThat(Shape.of(Integer.MAX_VALUE).elements()).isEqualTo(Integer.MAX_VALUE);
    // 2^16 * 2^16 = 2^32 would be 0 as an int
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(65536, 65536))
        .withMessage("shape [65536, 65536] has more than 2147483647 elements");
  }
}
