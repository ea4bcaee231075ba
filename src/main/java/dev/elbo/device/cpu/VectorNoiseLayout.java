package dev.elbo.device.cpu;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Brings the groups of {@link VectorNoiseWords}, their words replaced by floats, into the order of
 * the output.
 *
 * <p>A group holds, in 64-bit lanes, the elements 0 | 2 and then the elements 1 | 3 of L blocks.
 * Shifts within the lanes put the elements (0, 1) or (2, 3) side by side, for one row of a matrix;
 * interleaving the two halves of the group gives the linear order.
 */
final class VectorNoiseLayout {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final VectorShuffle<Integer> ZIP_FIRST = VectorShuffle.makeZip(INTS, 0);
  private static final VectorShuffle<Integer> ZIP_SECOND = VectorShuffle.makeZip(INTS, 1);
  private static final long LOW = 0xFFFFFFFFL;

  private VectorNoiseLayout() {}

  /** The matrix row of the elements (0, 1) of each block. */
  static void lowRow(int[] group, int columns, float[] out, int offset) {
    for (int i = 0; i < columns; i += LANES) {
      LongVector even = IntVector.fromArray(INTS, group, 2 * i).reinterpretAsLongs();
      LongVector odd = IntVector.fromArray(INTS, group, 2 * i + LANES).reinterpretAsLongs();
      FloatVector row = even.and(LOW).or(odd.lanewise(LSHL, 32)).reinterpretAsFloats();
      if (i + LANES <= columns) {
        row.intoArray(out, offset + i);
      } else {
        row.intoArray(out, offset + i, FLOATS.indexInRange(i, columns));
      }
    }
  }

  /** The matrix row of the elements (2, 3) of each block, eight rows below. */
  static void highRow(int[] group, int columns, float[] out, int offset) {
    for (int i = 0; i < columns; i += LANES) {
      LongVector even = IntVector.fromArray(INTS, group, 2 * i).reinterpretAsLongs();
      LongVector odd = IntVector.fromArray(INTS, group, 2 * i + LANES).reinterpretAsLongs();
      FloatVector row = even.lanewise(LSHR, 32).or(odd.and(~LOW)).reinterpretAsFloats();
      if (i + LANES <= columns) {
        row.intoArray(out, offset + i);
      } else {
        row.intoArray(out, offset + i, FLOATS.indexInRange(i, columns));
      }
    }
  }

  /** The elements of all blocks in linear order. */
  static void linear(int[] group, int count, float[] out, int offset) {
    for (int i = 0; i < count; i += 2 * LANES) {
      IntVector even = IntVector.fromArray(INTS, group, i);
      IntVector odd = IntVector.fromArray(INTS, group, i + LANES);
      FloatVector first = even.rearrange(ZIP_FIRST, odd).reinterpretAsFloats();
      FloatVector second = even.rearrange(ZIP_SECOND, odd).reinterpretAsFloats();
      if (i + 2 * LANES <= count) {
        first.intoArray(out, offset + i);
        second.intoArray(out, offset + i + LANES);
      } else {
        first.intoArray(out, offset + i, FLOATS.indexInRange(i, count));
        second.intoArray(out, offset + i + LANES, FLOATS.indexInRange(i + LANES, count));
      }
    }
  }
}
