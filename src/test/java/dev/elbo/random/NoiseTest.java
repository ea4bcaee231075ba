package dev.elbo.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The expected normals come from a separate program: Python integers and mpmath. */
class NoiseTest {
  // A few roundings of double precision on numbers of size 1.
  private static final Offset<Double> ROUNDING = within(1e-14);
  private static final Noise ZERO = new Noise(0, 0, 0, Noise.PREDICTION);
  private static final Noise NOISE = new Noise(0x123456789abcdef0L, 3, 5, 7);

  @Test
  void theFirstBlockGivesTwoBoxMullerPairs() {
    assertThat(ZERO.linear(0)).isCloseTo(0.991137679254033, ROUNDING);
    assertThat(ZERO.linear(1)).isCloseTo(-0.9246625883905116, ROUNDING);
    assertThat(ZERO.linear(2)).isCloseTo(-0.6176089598118041, ROUNDING);
    assertThat(ZERO.linear(3)).isCloseTo(-0.482068587035424, ROUNDING);
  }

  @Test
  void theFirstMatrixQuadIsTheFirstBlock() {
    assertThat(ZERO.matrix(0, 0)).isEqualTo(ZERO.linear(0));
    assertThat(ZERO.matrix(0, 1)).isEqualTo(ZERO.linear(1));
    assertThat(ZERO.matrix(8, 0)).isEqualTo(ZERO.linear(2));
    assertThat(ZERO.matrix(8, 1)).isEqualTo(ZERO.linear(3));
  }

  @Test
  void everyPartOfTheAddressEnters() {
    assertThat(NOISE.matrix(25, 11)).isCloseTo(-0.6430351108435569, ROUNDING);
    assertThat(NOISE.matrix(2, 4)).isCloseTo(1.445689453522921, ROUNDING);
    assertThat(NOISE.matrix(1000003, 4098)).isCloseTo(0.7783849248371647, ROUNDING);
    assertThat(NOISE.linear(6)).isCloseTo(-0.3301865978352094, ROUNDING);
    assertThat(NOISE.linear((1L << 34) + 6)).isCloseTo(0.5328915535560422, ROUNDING);
    assertThat(NOISE.linear((1L << 40) - 1)).isCloseTo(0.9172266656982968, ROUNDING);
  }

  @Test
  void bitsAreTheRawWordsAndSignsTheirTopBits() {
    // The first of Random123's known answers: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    assertThat(ZERO.bits(0)).isEqualTo(0x6627e8d5);
    assertThat(ZERO.bits(1)).isEqualTo(0xe169c58d);
    assertThat(ZERO.bits(2)).isEqualTo(0xbc57ac4c);
    assertThat(ZERO.bits(3)).isEqualTo(0x9b00dbd8);
    assertThat(NOISE.bits((1L << 40) - 1)).isEqualTo(0x2dfcc9e3);
    assertThat(ZERO.sign(0)).isEqualTo(1);
    assertThat(ZERO.sign(1)).isEqualTo(-1);
  }

  @Test
  void reservedStepsAndSitesAreApart() {
    assertThat(new int[] {Noise.PREDICTION, Noise.FIRST_TRAINING_STEP, Noise.INITIALISATION})
        .containsExactly(0, 1, 0xFFFFFFFF);
    assertThat(new int[] {Noise.DATA_ORDER_SITE, Noise.SPLIT_SITE, Noise.AUGMENTATION_SITE})
        .containsExactly(0xFFFF, 0xFFFE, 0xFFFD);
  }

  @Test
  void refusesAnAddressOutOfRange() {
    assertThatThrownBy(() -> new Noise(1, 65536, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("noise site 65536 is outside 0..65535");
    assertThatThrownBy(() -> new Noise(1, 0, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("noise sample -1 is outside 0..65535");
  }
}
