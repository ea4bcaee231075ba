package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** Exponential and logarithm against double precision: 2 units in the last place. */
class VectorMathTest {
  private static final float[] LANES = new float[FloatVector.SPECIES_PREFERRED.length()];

  private static float exp(float x) {
    VectorMath.exp(FloatVector.broadcast(Tiles.FLOATS, x)).intoArray(LANES, 0);
    return LANES[LANES.length - 1];
  }

  private static float exp2(float x) {
    VectorMath.exp2(FloatVector.broadcast(Tiles.FLOATS, x)).intoArray(LANES, 0);
    return LANES[LANES.length - 1];
  }

  private static float log(float x) {
    VectorMath.log(FloatVector.broadcast(Tiles.FLOATS, x)).intoArray(LANES, 0);
    return LANES[LANES.length - 1];
  }

  private static void within2Ulp(float actual, double expected, float x) {
    assertThat(Math.abs(actual - expected))
        .as("at %s: %s, not %s", x, actual, expected)
        .isLessThanOrEqualTo(2 * Math.ulp((float) expected));
  }

  @Test
  void expIsAccurate() {
    for (int i = 0; i <= 200_000; i++) {
      float x = -87.3f + i * (88.7f + 87.3f) / 200_000;
      within2Ulp(exp(x), Math.exp(x), x);
    }
  }

  @Test
  void exp2IsAccurate() {
    for (int i = 0; i <= 200_000; i++) {
      float x = -126 + i * 252f / 200_000;
      within2Ulp(exp2(x), Math.pow(2, x), x);
    }
    assertThat(exp2(0)).isEqualTo(1);
    assertThat(exp2(-126)).isEqualTo(Float.MIN_NORMAL);
  }

  @Test
  void logIsAccurate() {
    // All exponents of normal numbers, and densely around 1.
    for (int bits = 0x0080_0000; bits < 0x7F80_0000; bits += 10_007) {
      float x = Float.intBitsToFloat(bits);
      within2Ulp(log(x), Math.log(x), x);
    }
    for (int bits = 0x3F70_0000; bits < 0x3F90_0000; bits += 31) {
      float x = Float.intBitsToFloat(bits);
      within2Ulp(log(x), Math.log(x), x);
    }
  }

  @Test
  void edges() {
    assertThat(exp(0)).isEqualTo(1);
    assertThat(exp(-88)).isEqualTo(0);
    assertThat(exp(Float.NEGATIVE_INFINITY)).isEqualTo(0);
    assertThat(exp(89)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(exp(Float.NaN)).isNaN();
    assertThat(log(1)).isEqualTo(0);
    assertThat(log(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(log(-1)).isNaN();
    assertThat(log(Float.NaN)).isNaN();
  }
}
