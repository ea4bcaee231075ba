package dev.elbo.inference;

/** A training step gave a value that is not finite; the parameters are still those before it. */
public final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The step that failed. */
  private final int step;

  /** Names the step, the tensor and the value. */
  NonFiniteException(int step, String tensor, int element, float value) {
    super("step %d: %s is %s at element %d".formatted(step, tensor, value, element));
    this.step = step;
  }

  /** The step that failed, from 1. */
  public int step() {
    return step;
  }
}
