package dev.elbo.inference;

import dev.elbo.data.Batches;

/** The row numbers of batches, as the input of a graph; the array is used again and again. */
final class BatchRows {
  private final Batches batches;
  private final int[] rows;
  private final float[] numbers;

  BatchRows(Batches batches) {
    this.batches = batches;
    rows = new int[batches.batch()];
    numbers = new float[rows.length];
  }

  /** The rows of a step, from 1. */
  float[] of(int step) {
    batches.rows(step, rows);
    for (int i = 0; i < rows.length; i++) {
      numbers[i] = rows[i];
    }
    return numbers;
  }
}
