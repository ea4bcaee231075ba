package dev.elbo.device.cpu;

import dev.elbo.random.NoiseAddress;

/**
 * Noise in float32 with the Vector API: the fast path of {@link dev.elbo.random.Noise}.
 *
 * <p>Normals are within 1e-5 (absolute) of the definition, signs are equal to it. An element's bits
 * depend on its address alone: not on the tile it was drawn in, the thread, or the width of the
 * machine's vectors. Exactly the elements asked for are written. A thread's first call allocates
 * its scratch of 8 kB; compiled by C2, later calls allocate nothing (interpreted, the Vector API
 * itself does).
 *
 * <p>seed, site, sample and step are those of {@link dev.elbo.random.Noise}.
 */
public final class VectorNoise {
  private static final int BLOCK_ROWS = 16;
  private static final int HALF_ROWS = 8;
  private static final int WORDS = 2048;

  /** Philox blocks that fit the scratch, a whole number of vectors for every vector width. */
  private static final int SCRATCH_BLOCKS = WORDS / 4;

  private static final ThreadLocal<int[]> SCRATCH = ThreadLocal.withInitial(() -> new int[WORDS]);

  private VectorNoise() {}

  /**
   * Writes the normals of a tile of an [out, in] matrix: element (o0 + r, i0 + c) goes to {@code
   * out[offset + r * stride + c]} for r in 0..rows-1 and c in 0..columns-1.
   *
   * <p>Rows are drawn in pairs (o, o + 8) and columns by the vector, so whole blocks of 16 rows and
   * widths that are a multiple of the vector length waste no draws.
   *
   * @throws IllegalArgumentException when o0 is not a multiple of 16, i0 is odd, or the site or
   *     sample is outside 0..65535
   * @throws IndexOutOfBoundsException when the tile leaves {@code out}
   */
  public static void matrix(
      long seed,
      int site,
      int sample,
      int step,
      int o0,
      int rows,
      int i0,
      int columns,
      float[] out,
      int offset,
      int stride) {
    checkMultiple("first row", o0, BLOCK_ROWS);
    checkMultiple("first column", i0, 2);
    int z = NoiseAddress.z(site, sample);
    int[] words = SCRATCH.get();
    for (int block = 0; block < rows; block += BLOCK_ROWS) {
      int pairs = Math.min(HALF_ROWS, rows - block);
      for (int r = block; r < block + pairs; r++) {
        long counter = (long) NoiseAddress.matrixY(o0 + r) << 32 | NoiseAddress.matrixX(i0);
        int low = offset + r * stride;
        int high = r + HALF_ROWS < rows ? low + HALF_ROWS * stride : -1;
        rowPair(seed, z, step, counter, columns, words, out, low, high);
      }
    }
  }

  /**
   * Writes the normals of the linear indices index0..index0+count-1 to {@code
   * out[offset..offset+count-1]}.
   *
   * @throws IllegalArgumentException when index0 is not a multiple of 4, or the site or sample is
   *     outside 0..65535
   * @throws IndexOutOfBoundsException when the range leaves {@code out}
   */
  public static void linear(
      long seed, int site, int sample, int step, long index0, int count, float[] out, int offset) {
    checkMultiple("first index", index0, 4);
    int z = NoiseAddress.z(site, sample);
    int[] words = SCRATCH.get();
    for (int done = 0; done < count; done += WORDS) {
      int part = Math.min(WORDS, count - done);
      int blocks = (part + 3) >> 2;
      VectorNoiseWords.fill(seed, z, step, (index0 + done) >> 2, blocks, words);
      VectorNoiseBoxMuller.apply(words, part);
      VectorNoiseLayout.linear(words, part, out, offset + done);
    }
  }

  /**
   * Writes the signs, +1 or -1, of the linear indices index0..index0+count-1 to {@code
   * out[offset..offset+count-1]}.
   *
   * @throws IllegalArgumentException when index0 is not a multiple of 4, or the site or sample is
   *     outside 0..65535
   * @throws IndexOutOfBoundsException when the range leaves {@code out}
   */
  public static void signs(
      long seed, int site, int sample, int step, long index0, int count, float[] out, int offset) {
    checkMultiple("first index", index0, 4);
    int z = NoiseAddress.z(site, sample);
    int[] words = SCRATCH.get();
    for (int done = 0; done < count; done += WORDS) {
      int part = Math.min(WORDS, count - done);
      int blocks = (part + 3) >> 2;
      VectorNoiseWords.fill(seed, z, step, (index0 + done) >> 2, blocks, words);
      VectorNoiseSigns.apply(words, part);
      VectorNoiseLayout.linear(words, part, out, offset + done);
    }
  }

  /**
   * Writes factors of the linear indices index0..index0+count-1 to the beginning of {@code out}: 0
   * where the index's 32 bits, as an unsigned number, are below the threshold, else {@code kept}.
   *
   * @throws IllegalArgumentException when index0 is not a multiple of 4, or the site or sample is
   *     outside 0..65535
   * @throws IndexOutOfBoundsException when the range leaves {@code out}
   */
  public static void masks(
      long seed,
      int site,
      int sample,
      int step,
      long index0,
      int count,
      long threshold,
      float kept,
      float[] out) {
    checkMultiple("first index", index0, 4);
    int z = NoiseAddress.z(site, sample);
    int[] words = SCRATCH.get();
    for (int done = 0; done < count; done += WORDS) {
      int part = Math.min(WORDS, count - done);
      int blocks = (part + 3) >> 2;
      VectorNoiseWords.fill(seed, z, step, (index0 + done) >> 2, blocks, words);
      VectorNoiseMasks.apply(words, part, threshold, kept);
      VectorNoiseLayout.linear(words, part, out, done);
    }
  }

  private static void rowPair(
      long seed,
      int z,
      int step,
      long counter,
      int columns,
      int[] words,
      float[] out,
      int low,
      int high) {
    int chunk = 2 * SCRATCH_BLOCKS;
    for (int done = 0; done < columns; done += chunk) {
      int part = Math.min(chunk, columns - done);
      VectorNoiseWords.fill(seed, z, step, counter + (done >> 1), (part + 1) >> 1, words);
      VectorNoiseBoxMuller.apply(words, 2 * part);
      VectorNoiseLayout.lowRow(words, part, out, low + done);
      if (high >= 0) {
        VectorNoiseLayout.highRow(words, part, out, high + done);
      }
    }
  }

  private static void checkMultiple(String name, long value, int divisor) {
    if (value < 0 || value % divisor != 0) {
      throw new IllegalArgumentException(
          name + " " + value + " of a noise tile is not a multiple of " + divisor + " from 0");
    }
  }
}
