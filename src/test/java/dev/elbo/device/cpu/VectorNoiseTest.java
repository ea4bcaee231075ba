package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.elbo.random.Noise;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VectorNoiseTest {
  private static final long SEED = 0x123456789abcdef0L;
  private static final Noise NOISE = new Noise(SEED, 3, 5, 7);

  /** The design's bound on the fast path; 6.5e-7 is measured. */
  private static final double TOLERANCE = 1e-5;

  @Test
  void matrixAgreesWithTheDefinition() {
    int rows = 500;
    int columns = 1101;
    float[] tile = new float[rows * columns];
    VectorNoise.matrix(SEED, 3, 5, 7, 48, rows, 6, columns, tile, 0, columns);
    double worst = 0;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double error = tile[r * columns + c] - NOISE.matrix(48 + r, 6 + c);
        worst = Math.max(worst, Math.abs(error));
      }
    }
    assertThat(worst).isLessThan(TOLERANCE);
  }

  @Test
  void linearAgreesWithTheDefinitionAcrossTheCarryIntoY() {
    int count = 600_001;
    long index0 = (1L << 34) - 300_000;
    float[] values = new float[count];
    VectorNoise.linear(SEED, 3, 5, 7, index0, count, values, 0);
    double worst = 0;
    for (int i = 0; i < count; i++) {
      worst = Math.max(worst, Math.abs(values[i] - NOISE.linear(index0 + i)));
    }
    assertThat(worst).isLessThan(TOLERANCE);
  }

  @Test
  void signsEqualTheDefinition() {
    int count = 10_003;
    float[] values = new float[count];
    VectorNoise.signs(SEED, 3, 5, 7, 8, count, values, 0);
    for (int i = 0; i < count; i++) {
      assertThat((double) values[i]).isEqualTo(NOISE.sign(8 + i));
    }
  }

  @Test
  void extremeSeedSampleAndStepReachTheCounterUnchanged() {
    float[] values = new float[4];
    VectorNoise.linear(-1, 0xFFFF, 0xFFFF, Noise.INITIALISATION, 0, 4, values, 0);
    Noise noise = new Noise(-1, 0xFFFF, 0xFFFF, Noise.INITIALISATION);
    for (int i = 0; i < 4; i++) {
      assertThat(Math.abs(values[i] - noise.linear(i))).isLessThan(TOLERANCE);
    }
  }

  @Test
  void aMatrixElementDoesNotDependOnItsTile() {
    int rows = 61;
    int columns = 2101; // more than one scratch
    float[] whole = new float[rows * columns];
    VectorNoise.matrix(SEED, 3, 5, 7, 0, rows, 0, columns, whole, 0, columns);
    for (int height : new int[] {1, 7, 8, 9, 13, 16}) {
      for (int width : new int[] {1, 2, 15, 16, 17, 31, 33, 64, 100}) {
        for (int o = 0; o + height <= rows; o += 16) {
          for (int i = 0; i + width <= columns; i += 346) {
            assertTileEquals(whole, columns, o, height, i, width);
          }
        }
      }
    }
  }

  /** Draws one tile between sentinels, in an array that ends with its last element. */
  private static void assertTileEquals(
      float[] whole, int columns, int o, int height, int i, int width) {
    int stride = width + 3;
    int offset = 5;
    float[] tile = new float[offset + (height - 1) * stride + width];
    Arrays.fill(tile, Float.NaN);
    VectorNoise.matrix(SEED, 3, 5, 7, o, height, i, width, tile, offset, stride);
    float[] expected = new float[tile.length];
    Arrays.fill(expected, Float.NaN);
    for (int r = 0; r < height; r++) {
      System.arraycopy(whole, (o + r) * columns + i, expected, offset + r * stride, width);
    }
    assertThat(tile).isEqualTo(expected);
  }

  @Test
  void aLinearElementDoesNotDependOnItsRange() {
    float[] normals = new float[5000];
    float[] signs = new float[5000];
    VectorNoise.linear(SEED, 3, 5, 7, 0, 5000, normals, 0);
    VectorNoise.signs(SEED, 3, 5, 7, 0, 5000, signs, 0);
    for (int count : new int[] {1, 2, 3, 4, 5, 16, 31, 32, 33, 63, 64, 2048, 2049, 2111}) {
      for (int from = 0; from + count <= 5000; from += 644) {
        float[] range = new float[3 + count];
        VectorNoise.linear(SEED, 3, 5, 7, from, count, range, 3);
        assertThat(range).startsWith(0, 0, 0).endsWith(part(normals, from, count));
        VectorNoise.signs(SEED, 3, 5, 7, from, count, range, 3);
        assertThat(range).startsWith(0, 0, 0).endsWith(part(signs, from, count));
      }
    }
  }

  private static float[] part(float[] values, int from, int count) {
    return Arrays.copyOfRange(values, from, from + count);
  }

  @Test
  void drawsNothingFromEmptyRanges() {
    float[] none = {};
    VectorNoise.matrix(SEED, 3, 5, 7, 0, 0, 0, 5, none, 0, 5);
    VectorNoise.matrix(SEED, 3, 5, 7, 0, 5, 0, 0, none, 0, 0);
    VectorNoise.linear(SEED, 3, 5, 7, 0, 0, none, 0);
    VectorNoise.signs(SEED, 3, 5, 7, 0, 0, none, 0);
    assertThat(none).isEmpty();
  }

  @Test
  void allocatesNothingOnceCompiled() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] out = new float[64 * 333];
    // Until C2 has compiled the passes, the Vector API allocates. 60 s is far beyond that.
    long end = System.nanoTime() + 60_000_000_000L;
    int quiet = 0;
    while (quiet < 20 && System.nanoTime() < end) {
      quiet = allocated(threads, out) == 0 ? quiet + 1 : 0;
    }
    assertThat(quiet).isEqualTo(20);
  }

  private static long allocated(ThreadMXBean threads, float[] out) {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int step = 0; step < 50; step++) {
      VectorNoise.matrix(SEED, 1, 0, step, 0, 61, 0, 333, out, 0, 333);
      VectorNoise.linear(SEED, 2, 0, step, 0, 20_003, out, 0);
      VectorNoise.signs(SEED, 3, 0, step, 0, 20_003, out, 0);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void refusesTilesThatCutABlock() {
    float[] out = new float[64];
    assertThatThrownBy(() -> VectorNoise.matrix(1, 0, 0, 0, 8, 1, 0, 1, out, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first row 8 of a noise tile is not a multiple of 16 from 0");
    assertThatThrownBy(() -> VectorNoise.matrix(1, 0, 0, 0, 0, 1, 3, 1, out, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first column 3 of a noise tile is not a multiple of 2 from 0");
    assertThatThrownBy(() -> VectorNoise.linear(1, 0, 0, 0, -4, 1, out, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first index -4 of a noise tile is not a multiple of 4 from 0");
    assertThatThrownBy(() -> VectorNoise.signs(1, 0, 0, 0, 6, 1, out, 0))
        .hasMessage("first index 6 of a noise tile is not a multiple of 4 from 0");
    assertThatThrownBy(() -> VectorNoise.linear(1, 65536, 0, 0, 0, 1, out, 0))
        .hasMessage("noise site 65536 is outside 0..65535");
    assertThatThrownBy(() -> VectorNoise.matrix(1, 0, 65536, 0, 0, 1, 0, 1, out, 0, 1))
        .hasMessage("noise sample 65536 is outside 0..65535");
  }

  @Test
  void refusesToWriteBeyondTheArray() {
    float[] out = new float[64];
    assertThatThrownBy(() -> VectorNoise.linear(1, 0, 0, 0, 0, 65, out, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> VectorNoise.matrix(1, 0, 0, 0, 0, 9, 0, 8, out, 0, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
