package dev.elbo.random;

/**
 * The counter-based generator Philox4x32-10: ten rounds that turn a 128-bit counter and a 64-bit
 * key into four 32-bit words.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
 * section 3.3. All words are unsigned numbers in an {@code int}.
 */
public final class Philox {
  private static final long MULTIPLIER_X = 0xD2511F53L;
  private static final long MULTIPLIER_Z = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long LOW = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * Writes the four words of the counter (x, y, z, w) under the key (key0, key1) to {@code
   * out[offset..offset+3]}.
   */
  public static void block(int x, int y, int z, int w, int key0, int key1, int[] out, int offset) {
    for (int round = 0; round < ROUNDS; round++) {
      long productX = (x & LOW) * MULTIPLIER_X;
      long productZ = (z & LOW) * MULTIPLIER_Z;
      x = (int) (productZ >>> 32) ^ y ^ key0;
      y = (int) productZ;
      z = (int) (productX >>> 32) ^ w ^ key1;
      w = (int) productX;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
    out[offset] = x;
    out[offset + 1] = y;
    out[offset + 2] = z;
    out[offset + 3] = w;
  }
}
