package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import java.util.Arrays;
import java.util.Optional;

/**
 * The units of a model: it computes with standardised inputs and targets, and takes and gives the
 * user's.
 *
 * @param inputs of each input column
 * @param targets of the target; empty for classes and counts, which have no units
 */
public record Normalization(Standardization inputs, Optional<Standardization> targets) {
  /** What one model unit of the target is in the user's units. */
  public double targetScale() {
    return targets.map(t -> (double) t.scale()[0]).orElse(1.0);
  }

  /** Where the target's 0 in model units lies in the user's units. */
  public double targetMean() {
    return targets.map(t -> (double) t.mean()[0]).orElse(0.0);
  }

  /**
   * Some of the examples in model units.
   *
   * @param first the first of them
   * @param count how many, at least 1
   */
  public Examples apply(Examples examples, int first, int count) {
    int features = examples.features();
    float[] x = new float[Math.multiplyExact(count, features)];
    inputs.apply(examples.inputs(), first * features, x, 0, count);
    float[] y =
        examples.targets().length == 0
            ? new float[0]
            : Arrays.copyOfRange(examples.targets(), first, first + count);
    targets.ifPresent(t -> t.apply(y, 0, y, 0, y.length));
    return new Examples(features, x, y);
  }
}
