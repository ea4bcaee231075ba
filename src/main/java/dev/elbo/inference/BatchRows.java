package dev.elbo.inference;

import dev.elbo.data.Batches;

/** The row numbers of batches, as the input of a graph; the array is used again and again. */
final class BatchRows {
  private final Batches batches;
  private final Windows windows;
  private final long seed;
  private final int[] chosen;
  private final float[] numbers;

  BatchRows(Batches batches, Windows windows, long seed) {
    this.batches = batches;
    this.windows = windows;
    this.seed = seed;
    chosen = new int[batches.batch()];
    numbers = new float[Math.multiplyExact(chosen.length, windows.length())];
  }

  /** The rows of a step, from 1; windows of a batch that runs into the next epoch begin as before. */
  float[] of(int step) {
    batches.rows(step, chosen);
    int length = windows.length();
    int first = windows.first(seed, (step - 1L) * chosen.length / batches.size());
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = first + chosen[i / length] * length + i % length;
    }
    return numbers;
  }
}
