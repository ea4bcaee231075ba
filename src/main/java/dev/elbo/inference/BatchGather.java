package dev.elbo.inference;

import dev.elbo.data.Batches;
import dev.elbo.data.Examples;

/** Copies the rows of a batch side by side; its arrays are used again and again. */
final class BatchGather {
  private final Examples examples;
  private final Batches batches;
  private final int[] rows;
  private final float[] inputs;
  private final float[] targets;

  BatchGather(Examples examples, Batches batches) {
    this.examples = examples;
    this.batches = batches;
    rows = new int[batches.batch()];
    inputs = new float[Math.multiplyExact(rows.length, examples.features())];
    targets = new float[rows.length];
  }

  /** Takes the rows of a step, from 1. */
  void read(int step) {
    batches.rows(step, rows);
    int features = examples.features();
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(examples.inputs(), rows[i] * features, inputs, i * features, features);
      targets[i] = examples.targets()[rows[i]];
    }
  }

  float[] inputs() {
    return inputs;
  }

  float[] targets() {
    return targets;
  }
}
