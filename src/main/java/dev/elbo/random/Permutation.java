package dev.elbo.random;

/**
 * Uniform random permutations that are a pure function of (seed, site, epoch).
 *
 * <p>Fisher-Yates (Durstenfeld, CACM 7, 1964, algorithm 235) with unbiased bounded draws (Lemire,
 * "Fast random integer generation in an interval", ACM TOMACS 29, 2019, algorithm 5). The words are
 * those of the site's linear layout from index 0 on, with sample 0 and the epoch as the step; a
 * rejected word is skipped.
 */
public final class Permutation {
  private Permutation() {}

  /**
   * Fills {@code target} with a permutation of 0..n-1, n being its length.
   *
   * @throws IllegalArgumentException when the site is outside 0..65535
   */
  public static void fill(long seed, int site, int epoch, int[] target) {
    Words words = new Words(seed, site, epoch);
    for (int i = 0; i < target.length; i++) {
      target[i] = i;
    }
    for (int i = target.length - 1; i > 0; i--) {
      int j = words.below(i + 1);
      int swapped = target[i];
      target[i] = target[j];
      target[j] = swapped;
    }
  }

  /** The words of a site one after the other, each Philox block computed once. */
  private static final class Words {
    private final int key0;
    private final int key1;
    private final int z;
    private final int step;
    private final int[] block = new int[4];
    private long next;

    Words(long seed, int site, int step) {
      key0 = (int) seed;
      key1 = (int) (seed >>> 32);
      z = NoiseAddress.z(site, 0);
      this.step = step;
    }

    int below(int bound) {
      long product = nextWord() * bound;
      if ((product & 0xFFFFFFFFL) < bound) {
        long rejected = (1L << 32) % bound;
        while ((product & 0xFFFFFFFFL) < rejected) {
          product = nextWord() * bound;
        }
      }
      return (int) (product >>> 32);
    }

    private long nextWord() {
      int word = NoiseAddress.linearWord(next);
      if (word == 0) {
        int x = NoiseAddress.linearX(next);
        int y = NoiseAddress.linearY(next);
        Philox.block(x, y, z, step, key0, key1, block, 0);
      }
      next++;
      return Integer.toUnsignedLong(block[word]);
    }
  }
}
