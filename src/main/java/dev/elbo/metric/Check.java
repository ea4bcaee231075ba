package dev.elbo.metric;

/** The argument checks that the metrics share; rows count from 0. */
final class Check {
  private Check() {}

  static void notEmpty(String name, int length) {
    if (length == 0) {
      throw new IllegalArgumentException(name + ": empty, at least one value is needed");
    }
  }

  static void sameLength(String name, int length, String other, int otherLength) {
    if (length != otherLength) {
      throw new IllegalArgumentException(
          name + ": " + length + " values, expected " + otherLength + " (" + other + ")");
    }
  }

  static void finite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + ", row " + i + ": " + values[i] + " is not a finite number");
      }
    }
  }

  static void notNaN(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException(name + ", row " + i + ": NaN");
      }
    }
  }
}
