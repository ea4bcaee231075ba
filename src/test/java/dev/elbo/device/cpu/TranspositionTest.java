package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TranspositionTest {
  private static final int OFFSET = 3;
  private static final float UNTOUCHED = -1;

  /** All sizes around one and two vectors: every element at its place, and nothing else written. */
  @Test
  void rectangles() {
    int most = 2 * Tiles.LANES + 1;
    for (int rows = 1; rows <= most; rows++) {
      for (int columns = 1; columns <= most; columns++) {
        check(rows, columns);
      }
    }
  }

  private static void check(int rows, int columns) {
    int ldx = columns + 2;
    int ldy = rows + 5;
    float[] x = new float[OFFSET + rows * ldx + CpuBuffer.PADDING];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    float[] y = new float[OFFSET + columns * ldy + CpuBuffer.PADDING];
    Arrays.fill(y, UNTOUCHED);
    float[] expected = y.clone();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        expected[OFFSET + column * ldy + row] = x[OFFSET + row * ldx + column];
      }
    }
    float[] scratch = new float[Transposition.SCRATCH];
    Transposition.rectangle(x, OFFSET, ldx, rows, columns, y, OFFSET, ldy, scratch);
    assertThat(y).as("%d x %d", rows, columns).isEqualTo(expected);
  }
}
