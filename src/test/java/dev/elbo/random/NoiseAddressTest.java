package dev.elbo.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NoiseAddressTest {
  private static final int[][] SHAPES = {{1, 1}, {3, 17}, {17, 3}, {33, 5}, {8, 7}, {48, 10}};

  private record Address(int x, int y, int z, int w, int word) {}

  private record Block(int x, int y) {}

  @Test
  void noTwoElementsShareAWord() {
    // Site s is a matrix of shape s, site 100 + s is as many elements in the linear layout.
    Set<Address> taken = new HashSet<>();
    for (int site = 0; site < SHAPES.length; site++) {
      for (int sample : new int[] {0, 1, 2, 0xFFFF}) {
        for (int step : new int[] {-1, 0, 1, 2, 1 << 16}) {
          int[] shape = SHAPES[site];
          for (int o = 0; o < shape[0]; o++) {
            for (int i = 0; i < shape[1]; i++) {
              assertThat(taken.add(matrix(site, sample, step, o, i))).isTrue();
              long index = (1L << 34) - 100 + (long) o * shape[1] + i;
              assertThat(taken.add(linear(100 + site, sample, step, index))).isTrue();
            }
          }
        }
      }
    }
  }

  @Test
  void wholeQuadsUseEveryWordOfTheirBlocks() {
    Set<Block> blocks = new HashSet<>();
    for (int o = 0; o < 48; o++) {
      for (int i = 0; i < 10; i++) {
        blocks.add(new Block(NoiseAddress.matrixX(i), NoiseAddress.matrixY(o)));
      }
    }
    assertThat(blocks).hasSize(48 * 10 / 4);
  }

  @Test
  void aQuadIsTwoRowsEightApartAndTwoNeighbouringColumns() {
    // The corner words of the quad {18, 26} x {4, 5} as the design's section 2 gives them.
    assertThat(matrix(0, 0, 0, 18, 4)).isEqualTo(new Address(2, 10, 0, 0, 0));
    assertThat(matrix(0, 0, 0, 18, 5)).isEqualTo(new Address(2, 10, 0, 0, 1));
    assertThat(matrix(0, 0, 0, 26, 4)).isEqualTo(new Address(2, 10, 0, 0, 2));
    assertThat(matrix(0, 0, 0, 26, 5)).isEqualTo(new Address(2, 10, 0, 0, 3));
  }

  @Test
  void linearIndicesBeyond34BitsCarryIntoY() {
    assertThat(linear(0, 0, 0, (5L << 34) + 4 * 3 + 2)).isEqualTo(new Address(3, 5, 0, 0, 2));
    assertThat(linear(0, 0, 0, (1L << 34) - 1)).isEqualTo(new Address(-1, 0, 0, 0, 3));
  }

  @Test
  void refusesSitesAndSamplesOutsideSixteenBits() {
    assertThat(NoiseAddress.z(0xFFFF, 0xFFFE)).isEqualTo(0xFFFFFFFE);
    assertThatThrownBy(() -> NoiseAddress.z(65536, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("noise site 65536 is outside 0..65535");
    assertThatThrownBy(() -> NoiseAddress.z(-1, 0)).hasMessage("noise site -1 is outside 0..65535");
    assertThatThrownBy(() -> NoiseAddress.z(0, 70000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("noise sample 70000 is outside 0..65535");
    assertThatThrownBy(() -> NoiseAddress.z(0, -2))
        .hasMessage("noise sample -2 is outside 0..65535");
  }

  private static Address matrix(int site, int sample, int step, int o, int i) {
    int x = NoiseAddress.matrixX(i);
    int y = NoiseAddress.matrixY(o);
    return new Address(x, y, NoiseAddress.z(site, sample), step, NoiseAddress.matrixWord(o, i));
  }

  private static Address linear(int site, int sample, int step, long index) {
    int x = NoiseAddress.linearX(index);
    int y = NoiseAddress.linearY(index);
    return new Address(x, y, NoiseAddress.z(site, sample), step, NoiseAddress.linearWord(index));
  }
}
