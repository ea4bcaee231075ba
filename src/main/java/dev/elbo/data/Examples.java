package dev.elbo.data;

/**
 * N examples in the user's units.
 *
 * @param features the number of inputs of an example, at least 1
 * @param inputs N x features, row by row
 * @param targets one for each row, the index of its class from 0 or the value to predict; empty
 *     where the targets are not known
 */
public record Examples(int features, float[] inputs, float[] targets) {
  /**
   * Checks that the sizes agree.
   *
   * @throws IllegalArgumentException if they do not
   */
  public Examples {
    if (features < 1) {
      throw new IllegalArgumentException("examples of " + features + " features");
    }
    if (inputs.length % features != 0) {
      throw new IllegalArgumentException(
          inputs.length + " inputs are not whole rows of " + features + " features");
    }
    if (targets.length != 0 && targets.length != inputs.length / features) {
      throw new IllegalArgumentException(
          targets.length + " targets for " + inputs.length / features + " rows");
    }
  }

  /** The number of examples. */
  public int size() {
    return inputs.length / features;
  }

  /**
   * A copy of the given rows, in the given order; a row may be given more than once.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Examples select(int[] rows) {
    float[] selected = new float[Math.multiplyExact(rows.length, features)];
    float[] selectedTargets = new float[targets.length == 0 ? 0 : rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(inputs, rows[i] * features, selected, i * features, features);
      if (selectedTargets.length > 0) {
        selectedTargets[i] = targets[rows[i]];
      }
    }
    return new Examples(features, selected, selectedTargets);
  }
}
