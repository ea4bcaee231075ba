package dev.elbo.random;

/**
 * Where a noise element lives: the counter (x, y, z, w) of its Philox block and its word in it.
 *
 * <p>{@code z = site << 16 | sample} and {@code w = step}. Two layouts give (x, y, word):
 *
 * <ul>
 *   <li>matrix, for a weight (o, i) of an [out, in] tensor: the quad {o, o+8} x {i, i+1} with
 *       {@code o % 16 < 8} and even i is one block, {@code x = i >> 1}, {@code y = (o >> 4) * 8 +
 *       (o & 7)}, {@code word = 2 * ((o >> 3) & 1) + (i & 1)}. The sizes of the tensor do not
 *       enter, so padding and tiles do not change the noise.
 *   <li>linear, for everything else: {@code x = index >> 2}, {@code y = index >> 34}, {@code word =
 *       index & 3}.
 * </ul>
 *
 * <p>Rows, columns and indices are not negative; the callers have checked that.
 */
public final class NoiseAddress {
  private static final int LARGEST = 0xFFFF;

  private NoiseAddress() {}

  /** Counter word x of the matrix element in column {@code i}. */
  public static int matrixX(int i) {
    return i >> 1;
  }

  /** Counter word y of the matrix element in row {@code o}. */
  public static int matrixY(int o) {
    return (o >> 4) * 8 + (o & 7);
  }

  /** Which of the four words of its block the matrix element (o, i) takes. */
  public static int matrixWord(int o, int i) {
    return 2 * ((o >> 3) & 1) + (i & 1);
  }

  /** Counter word x of a linear index. */
  public static int linearX(long index) {
    return (int) (index >> 2);
  }

  /** Counter word y of a linear index. */
  public static int linearY(long index) {
    return (int) (index >> 34);
  }

  /** Which of the four words of its block a linear index takes. */
  public static int linearWord(long index) {
    return (int) index & 3;
  }

  /**
   * Counter word z of a site and a sample.
   *
   * @throws IllegalArgumentException when either is outside 0..65535
   */
  public static int z(int site, int sample) {
    if (site < 0 || site > LARGEST) {
      throw new IllegalArgumentException("noise site " + site + " is outside 0.." + LARGEST);
    }
    if (sample < 0 || sample > LARGEST) {
      throw new IllegalArgumentException("noise sample " + sample + " is outside 0.." + LARGEST);
    }
    return site << 16 | sample;
  }
}
