package dev.elbo.device.cpu;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Philox4x32-10 on long lanes: one counter a lane, each word in the low half of its lane.
 *
 * <p>C2 emits the 32 x 32 bit multiplication (vpmuludq) only where both operands are masked inline,
 * constants included; otherwise it multiplies 64 x 64 bits, several times slower.
 */
final class VectorNoiseWords {
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final LongVector LANE = LongVector.zero(SPECIES).addIndex(1);
  private static final long MULTIPLIER_X = 0xD2511F53L;
  private static final long MULTIPLIER_Z = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long LOW = 0xFFFFFFFFL;

  private VectorNoiseWords() {}

  /**
   * Writes the words of {@code blocks} consecutive counters (y, x), rounded up to whole vectors of
   * L lanes, as groups of 4L ints: first the words 0 and 2 of each counter side by side, then the
   * words 1 and 3.
   */
  static void fill(long seed, int z, int w, long counter, int blocks, int[] words) {
    int offset = 0;
    for (int block = 0; block < blocks; block += LANES, offset += 4 * LANES) {
      group(seed, z, w, counter + block, words, offset);
    }
  }

  private static void group(long seed, int z, int w, long counter, int[] words, int offset) {
    LongVector a = LANE.add(counter);
    LongVector b = a.lanewise(LSHR, 32);
    LongVector c = LongVector.broadcast(SPECIES, z & LOW);
    LongVector d = LongVector.broadcast(SPECIES, w & LOW);
    LongVector key0 = LongVector.broadcast(SPECIES, seed);
    LongVector key1 = LongVector.broadcast(SPECIES, seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      LongVector productX = a.and(LOW).mul(LongVector.broadcast(SPECIES, MULTIPLIER_X).and(LOW));
      LongVector productZ = c.and(LOW).mul(LongVector.broadcast(SPECIES, MULTIPLIER_Z).and(LOW));
      a = productZ.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, key0);
      b = productZ;
      c = productX.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, key1);
      d = productX;
      key0 = key0.add(WEYL_0);
      key1 = key1.add(WEYL_1);
    }
    LongVector even = a.and(LOW).or(c.lanewise(LSHL, 32));
    LongVector odd = b.and(LOW).or(d.lanewise(LSHL, 32));
    even.reinterpretAsInts().intoArray(words, offset);
    odd.reinterpretAsInts().intoArray(words, offset + 2 * LANES);
  }
}
