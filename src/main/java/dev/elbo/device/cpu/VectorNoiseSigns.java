package dev.elbo.device.cpu;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Signs from words: -1 where the top bit is set, else +1. */
final class VectorNoiseSigns {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = INTS.length();
  private static final int SIGN = 0x80000000;
  private static final int ONE = 0x3F800000;

  private VectorNoiseSigns() {}

  /**
   * Replaces the words of the groups of {@link VectorNoiseWords} that hold {@code count} words by
   * the bits of their signs.
   */
  static void apply(int[] words, int count) {
    for (int i = 0; i < count; i += 2 * LANES) {
      IntVector.fromArray(INTS, words, i).and(SIGN).or(ONE).intoArray(words, i);
      IntVector.fromArray(INTS, words, i + LANES).and(SIGN).or(ONE).intoArray(words, i + LANES);
    }
  }
}
