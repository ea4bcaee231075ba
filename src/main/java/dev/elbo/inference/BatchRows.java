package dev.elbo.inference;

import dev.elbo.data.Batches;

/**
 * The row numbers of batches, as the input of a graph; the array is used again and again. Each
 * member of an ensemble has batches of its own, one after the other.
 */
final class BatchRows {
  private final Windows windows;
  private final long seed;
  private final Batches[] batches;
  private final int[] chosen;
  private final float[] numbers;

  /**
   * The batches of a run.
   *
   * @param seed that of the first member; the next have the next seeds
   * @param batch the windows of a batch
   */
  BatchRows(int members, long seed, Windows windows, int batch) {
    this.windows = windows;
    this.seed = seed;
    batches = new Batches[members];
    for (int m = 0; m < members; m++) {
      batches[m] = new Batches(seed + m, windows.count(), batch);
    }
    chosen = new int[batch];
    int each = Math.multiplyExact(batch, windows.length());
    numbers = new float[Math.multiplyExact(members, each)];
  }

  /**
   * The rows of a step, from 1; windows of a batch that runs into the next epoch begin as before.
   */
  float[] of(int step) {
    int length = windows.length();
    int each = chosen.length * length;
    for (int m = 0; m < batches.length; m++) {
      batches[m].rows(step, chosen);
      int first = windows.first(seed + m, (step - 1L) * chosen.length / windows.count());
      for (int i = 0; i < each; i++) {
        numbers[m * each + i] = first + chosen[i / length] * length + i % length;
      }
    }
    return numbers;
  }
}
