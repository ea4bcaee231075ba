package dev.elbo.distribution;

/** Checks of the numbers that distributions are declared with. */
final class Domain {
  private Domain() {}

  static void positive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(what + " must be positive and finite, got " + value);
    }
  }

  static void open(String what, double value, double low, double high) {
    if (!(value > low && value < high)) {
      throw new IllegalArgumentException(
          what + " must be between " + low + " and " + high + ", got " + value);
    }
  }

  static void atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " must be positive, got " + value);
    }
  }
}
