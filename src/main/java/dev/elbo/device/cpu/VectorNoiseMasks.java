package dev.elbo.device.cpu;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Factors from words: 0 where the word is below a threshold, else another number. */
final class VectorNoiseMasks {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = INTS.length();

  private VectorNoiseMasks() {}

  /**
   * Replaces the words of the groups of {@link VectorNoiseWords} that hold {@code count} words by
   * the bits of their factors.
   *
   * @param threshold below 2³², as words are compared unsigned
   */
  static void apply(int[] words, int count, long threshold, float kept) {
    int bits = Float.floatToRawIntBits(kept);
    for (int i = 0; i < count; i += 2 * LANES) {
      half(words, i, (int) threshold, bits);
      half(words, i + LANES, (int) threshold, bits);
    }
  }

  private static void half(int[] words, int at, int threshold, int bits) {
    IntVector kept = IntVector.broadcast(INTS, bits);
    kept.blend(0, IntVector.fromArray(INTS, words, at).compare(VectorOperators.ULT, threshold))
        .intoArray(words, at);
  }
}
