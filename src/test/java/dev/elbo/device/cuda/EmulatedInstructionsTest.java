package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The twins of a warp's instructions against plain loops over what PTX says they do. */
@Tag("cuda")
class EmulatedInstructionsTest {
  private static final int LANES = 32;

  @BeforeAll
  static void load() {
    EmulatedDriver.loadWithoutCard();
    Emulation.reset();
  }

  /** Small whole numbers, which bfloat16 has exactly and whose sums have no rounding. */
  private static int[][] matrix(int rows, int columns, long seed) {
    Random random = new Random(seed);
    int[][] matrix = new int[rows][columns];
    for (int[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextInt(-8, 9);
      }
    }
    return matrix;
  }

  private static int bits(int value) {
    return Float.floatToRawIntBits(value) >>> 16;
  }

  private static int pair(int low, int high) {
    return bits(low) | bits(high) << 16;
  }

  @Test
  void productsOfTensorCores() {
    int[][] a = matrix(16, 16, 1);
    int[][] b = matrix(16, 8, 2);
    int[] left = new int[4 * LANES];
    int[] right = new int[2 * LANES];
    float[] before = new float[4 * LANES];
    float[] expected = new float[4 * LANES];
    for (int lane = 0; lane < LANES; lane++) {
      int g = lane / 4;
      int t = 2 * (lane % 4);
      for (int i = 0; i < 4; i++) {
        int[] row = a[g + 8 * (i % 2)];
        left[4 * lane + i] = pair(row[t + 8 * (i / 2)], row[t + 8 * (i / 2) + 1]);
        before[4 * lane + i] = 1000 * lane + i;
        expected[4 * lane + i] = before[4 * lane + i] + product(a[g + 8 * (i / 2)], b, t + i % 2);
      }
      for (int i = 0; i < 2; i++) {
        right[2 * lane + i] = pair(b[t + 8 * i][g], b[t + 8 * i + 1][g]);
      }
    }
    try (EmulatedCard card = new EmulatedCard("probe_product")) {
      Address sums = card.put(before);
      EmulatedCard.succeed(
          card.run("probe_product", 1, LANES, card.put(left), card.put(right), sums));
      assertThat(card.floats(sums, 4 * LANES)).isEqualTo(expected);
    }
  }

  private static int product(int[] row, int[][] b, int column) {
    int sum = 0;
    for (int k = 0; k < row.length; k++) {
      sum += row[k] * b[k][column];
    }
    return sum;
  }

  @Test
  void matricesFromSharedMemory() {
    int[][] rows = matrix(LANES, 8, 3);
    int[] pairs = new int[4 * LANES];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = pair(rows[i / 4][2 * (i % 4)], rows[i / 4][2 * (i % 4) + 1]);
    }
    try (EmulatedCard card = new EmulatedCard("probe_matrices")) {
      Address four = card.put(new int[4 * LANES]);
      Address fourTransposed = card.put(new int[4 * LANES]);
      Address two = card.put(new int[2 * LANES]);
      Address twoTransposed = card.put(new int[2 * LANES]);
      EmulatedCard.succeed(
          card.run(
              "probe_matrices",
              1,
              LANES,
              card.put(pairs),
              four,
              fourTransposed,
              two,
              twoTransposed));
      assertThat(card.ints(four, 4 * LANES)).isEqualTo(fragments(rows, 4, false));
      assertThat(card.ints(fourTransposed, 4 * LANES)).isEqualTo(fragments(rows, 4, true));
      assertThat(card.ints(two, 2 * LANES)).isEqualTo(fragments(rows, 2, false));
      assertThat(card.ints(twoTransposed, 2 * LANES)).isEqualTo(fragments(rows, 2, true));
    }
  }

  /** What every lane gets of the first matrices of 8 rows. */
  private static int[] fragments(int[][] rows, int matrices, boolean transposed) {
    int[] fragments = new int[matrices * LANES];
    for (int lane = 0; lane < LANES; lane++) {
      int r = lane / 4;
      int c = 2 * (lane % 4);
      for (int m = 0; m < matrices; m++) {
        fragments[matrices * lane + m] =
            transposed
                ? pair(rows[8 * m + c][r], rows[8 * m + c + 1][r])
                : pair(rows[8 * m + r][c], rows[8 * m + r][c + 1]);
      }
    }
    return fragments;
  }

  @Test
  void copiesComeGroupByGroup() {
    float[] from = new float[LANES];
    float[] neighbours = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      from[i] = i + 1;
    }
    // Of those that are not valid come zeros.
    for (int i = 0; i < LANES; i++) {
      neighbours[i] = (i ^ 1) < 10 ? from[i ^ 1] : 0;
    }
    try (EmulatedCard card = new EmulatedCard("probe_copies")) {
      Address first = card.put(new float[LANES]);
      Address second = card.put(new float[LANES]);
      EmulatedCard.succeed(card.run("probe_copies", 1, LANES, card.put(from), 10, first, second));
      assertThat(card.floats(first, LANES)).isEqualTo(neighbours);
      assertThat(card.floats(second, LANES)).isEqualTo(neighbours);
    }
  }

  @Test
  void floatsAreRoundedToNearestEven() {
    float[] values = new float[2 * LANES];
    int[] expected = {
      0x3f80_3f80, // 1 + 2^-8 lies between two numbers, of which 1 is the even one; 1
      0x3f82_3f81, // 1 + 2^-8 + 2^-20 and 1 + 3 * 2^-8
      0x7f80_8000, // -0, infinity
      0x7fff_7f80, // the largest number becomes infinity; NaN
    };
    float[] first = {
      1 + 0x1p-8f,
      1,
      1 + 0x1p-8f + 0x1p-20f,
      1 + 3 * 0x1p-8f,
      -0.0f,
      Float.POSITIVE_INFINITY,
      Float.MAX_VALUE,
      Float.NaN,
    };
    System.arraycopy(first, 0, values, 0, first.length);
    try (EmulatedCard card = new EmulatedCard("probe_pack")) {
      Address pairs = card.put(new int[LANES]);
      EmulatedCard.succeed(card.run("probe_pack", 1, LANES, card.put(values), pairs));
      assertThat(card.ints(pairs, expected.length)).isEqualTo(expected);
    }
  }

  @Test
  void lanesExchangeValues() {
    int[] sums = new int[LANES];
    int[] partners = new int[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] = lane * (lane + 1) / 2;
      partners[lane] = (lane ^ 3) + 100 * (lane / 8 * 8 + 2);
    }
    try (EmulatedCard card = new EmulatedCard("probe_lanes")) {
      Address sumsAt = card.put(new int[LANES]);
      Address votesAt = card.put(new int[LANES]);
      Address partnersAt = card.put(new int[LANES]);
      EmulatedCard.succeed(card.run("probe_lanes", 1, LANES, sumsAt, votesAt, partnersAt));
      assertThat(card.ints(sumsAt, LANES)).isEqualTo(sums);
      assertThat(card.ints(votesAt, LANES)).containsOnly(0xaaaa_aaaa);
      assertThat(card.ints(partnersAt, LANES)).isEqualTo(partners);
    }
  }
}
