package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
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

  /** The examples in model units. */
  public Examples apply(Examples examples) {
    float[] x = new float[examples.inputs().length];
    inputs.apply(examples.inputs(), 0, x, 0, examples.size());
    float[] y = examples.targets().clone();
    targets.ifPresent(t -> t.apply(y, 0, y, 0, y.length));
    return new Examples(examples.features(), x, y);
  }
}
