package dev.elbo.graph;

/** Checks made once, when a graph is built. */
final class Check {
  private Check() {}

  /** Throws IllegalArgumentException with the formatted message unless the condition holds. */
  static void that(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /** Requires a number of inputs. */
  static void inputs(Op op, java.util.List<?> inputs, int expected) {
    that(
        inputs.size() == expected,
        "%s takes %d inputs, got %d",
        op.name(),
        expected,
        inputs.size());
  }
}
