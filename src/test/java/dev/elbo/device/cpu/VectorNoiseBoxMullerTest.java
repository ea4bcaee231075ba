package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import org.junit.jupiter.api.Test;

/** Words that random draws do not meet: the ends of the interval and the borders of quadrants. */
class VectorNoiseBoxMullerTest {
  private static final int LANES = IntVector.SPECIES_PREFERRED.length();
  private static final int[] NEAR = IntStream.rangeClosed(-40, 40).toArray();
  private static final int[] RADIUS_BORDERS = {
    0,
    1 << 8,
    1 << 16,
    1 << 23,
    1 << 24,
    1 << 30,
    Integer.MIN_VALUE,
    -(1 << 8),
    -(1 << 24),
    -(1 << 30)
  };
  private static final int[] ANGLE_BORDERS = {
    0, 1 << 29, 1 << 30, 3 << 29, Integer.MIN_VALUE, 5 << 29, 3 << 30, 7 << 29
  };

  @Test
  void extremeWordsStayWithinTheBound() {
    double worst = 0;
    for (int radius : RADIUS_BORDERS) {
      for (int angle : ANGLE_BORDERS) {
        for (int near : NEAR) {
          worst = Math.max(worst, worstError(radius + near, angle));
        }
      }
    }
    // Far below the design's 1e-5: radius and angle have a few roundings of 6e-8, times at most
    // 6.8.
    assertThat(worst).isLessThan(2e-6);
  }

  @Test
  void theLargestNormalIsTheOneOfTheSmallestUniform() {
    int[] words = new int[2 * LANES];
    VectorNoiseBoxMuller.apply(words, 2 * LANES);
    // a = 0, b = 0: sqrt(-2 ln 2^-33) = sqrt(66 ln 2) = 6.763705635, and floats there are 4.8e-7
    // apart.
    assertThat(Float.intBitsToFloat(words[0])).isBetween(6.763705f, 6.763707f);
    assertThat(Float.intBitsToFloat(words[LANES])).isZero();
  }

  /** The worst error over lanes that share a and sweep b across a quadrant border. */
  private static double worstError(int a, int angle) {
    double worst = 0;
    for (int first = 0; first < NEAR.length; first += LANES) {
      int[] words = new int[2 * LANES];
      for (int lane = 0; lane < LANES; lane++) {
        words[lane] = a;
        words[LANES + lane] = angle + NEAR[Math.min(first + lane, NEAR.length - 1)];
      }
      int[] normals = words.clone();
      VectorNoiseBoxMuller.apply(normals, 2 * LANES);
      for (int lane = 0; lane < LANES; lane++) {
        double r = radius(a);
        double theta = 2 * Math.PI * (words[LANES + lane] * 0x1p-32);
        double cosine = Float.intBitsToFloat(normals[lane]) - r * Math.cos(theta);
        double sine = Float.intBitsToFloat(normals[LANES + lane]) - r * Math.sin(theta);
        worst = Math.max(worst, Math.max(Math.abs(cosine), Math.abs(sine)));
      }
    }
    return worst;
  }

  private static double radius(int a) {
    // log1p of minus the distance from 1, which is exact in double precision.
    double distance = (Integer.toUnsignedLong(~a) + 0.5) * 0x1p-32;
    return Math.sqrt(-2 * Math.log1p(-distance));
  }
}
