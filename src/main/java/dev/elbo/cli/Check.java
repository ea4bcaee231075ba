package dev.elbo.cli;

/** Checks of numbers that users give; the messages name the option. */
final class Check {
  private Check() {}

  /** Refuses a value below a bound. */
  static void atLeast(String option, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(option + " must be at least " + least + ", got " + value);
    }
  }

  /** Refuses what is not a positive, finite number. */
  static void positive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(option + " must be above 0 and finite, got " + value);
    }
  }

  /** Refuses what is negative or not finite. */
  static void notNegative(String option, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(option + " must be at least 0 and finite, got " + value);
    }
  }

  /** Refuses a probability of nothing or of all. */
  static void inside(String option, double probability) {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException(
          option + " must be above 0 and below 1, got " + probability);
    }
  }

  /** Refuses what is not a part of a whole, the whole itself excluded. */
  static void fraction(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(option + " must be at least 0 and below 1, got " + value);
    }
  }
}
