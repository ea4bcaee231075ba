package dev.elbo.data;

import java.util.Arrays;

/**
 * The map {@code (x - mean) / scale} of each column, and back; a model holds it, so that all it
 * takes and gives is in the user's units.
 *
 * <p>The scale is the population standard deviation, or 1 where that is 0 in float32. Both are
 * computed in double precision in two passes.
 *
 * @param mean the mean of each column, in the user's units
 * @param scale the scale of each column, in the user's units, positive
 */
public record Standardization(float[] mean, float[] scale) {
  /**
   * Checks that there is one positive, finite scale for each finite mean.
   *
   * @throws IllegalArgumentException if not
   */
  public Standardization {
    if (mean.length == 0 || mean.length != scale.length) {
      throw new IllegalArgumentException(mean.length + " means, " + scale.length + " scales");
    }
    for (int i = 0; i < mean.length; i++) {
      if (!Float.isFinite(mean[i]) || !Float.isFinite(scale[i]) || scale[i] <= 0) {
        throw new IllegalArgumentException(
            "column " + i + ": mean " + mean[i] + ", scale " + scale[i]);
      }
    }
  }

  /** A mean and scale for each input: for tables, whose columns have units of their own. */
  public static Standardization perFeature(Examples examples) {
    return ofColumns(examples.inputs(), examples.features());
  }

  /** The same mean and scale for all inputs: for pictures, whose pixels share a unit. */
  public static Standardization global(Examples examples) {
    float[] values = examples.inputs();
    int columns = examples.features();
    double[] centre = new double[columns];
    Arrays.fill(centre, Arrays.stream(sums(values, columns)).sum() / values.length);
    double variance = Arrays.stream(squares(values, centre)).sum() / values.length;
    float[] mean = new float[columns];
    float[] scale = new float[columns];
    Arrays.fill(mean, (float) centre[0]);
    Arrays.fill(scale, deviation(variance));
    return new Standardization(mean, scale);
  }

  /** The mean 0 and the same scale for all inputs: for values whose 0 means something. */
  public static Standardization scale(int features, float unit) {
    float[] scale = new float[features];
    Arrays.fill(scale, unit);
    return new Standardization(new float[features], scale);
  }

  /** The mean and scale of the targets, one column: for regression. */
  public static Standardization targets(Examples examples) {
    return ofColumns(examples.targets(), 1);
  }

  /**
   * Standardises whole rows from one array into another, or in place.
   *
   * @param from rows in the user's units, starting at {@code fromOffset}
   * @param to takes the standardised rows, starting at {@code toOffset}
   */
  public void apply(float[] from, int fromOffset, float[] to, int toOffset, int rows) {
    double[] means = doubles(mean);
    double[] scales = doubles(scale);
    double[] row = new double[mean.length];
    for (int i = 0; i < rows; i++) {
      int first = i * row.length;
      applyToRow(from, fromOffset + first, means, scales, row, to, toOffset + first);
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  // In double: the difference of two floats of opposite sign can exceed their range. C2 vectorises
  // each of the three loops, but not one that converts and divides.
  private static void applyToRow(
      float[] from,
      int fromOffset,
      double[] means,
      double[] scales,
      double[] row,
      float[] to,
      int toOffset) {
    for (int column = 0; column < row.length; column++) {
      row[column] = from[fromOffset + column];
    }
    for (int column = 0; column < row.length; column++) {
      row[column] = (row[column] - means[column]) / scales[column];
    }
    for (int column = 0; column < row.length; column++) {
      to[toOffset + column] = (float) row[column];
    }
  }

  /** Turns standardised rows, all of {@code values}, back into the user's units in place. */
  public void invert(float[] values) {
    for (int i = 0; i < values.length; i++) {
      int column = i % mean.length;
      values[i] = (float) ((double) values[i] * scale[column] + mean[column]);
    }
  }

  private static Standardization ofColumns(float[] values, int columns) {
    double rows = rows(values, columns);
    double[] sums = sums(values, columns);
    double[] centre = Arrays.stream(sums).map(sum -> sum / rows).toArray();
    double[] squares = squares(values, centre);
    float[] mean = new float[columns];
    float[] scale = new float[columns];
    for (int column = 0; column < columns; column++) {
      mean[column] = (float) centre[column];
      scale[column] = deviation(squares[column] / rows);
    }
    return new Standardization(mean, scale);
  }

  private static int rows(float[] values, int columns) {
    if (values.length < columns) {
      throw new IllegalArgumentException("no rows to standardise");
    }
    return values.length / columns;
  }

  private static double[] sums(float[] values, int columns) {
    double[] sums = new double[columns];
    int rows = rows(values, columns);
    for (int row = 0; row < rows; row++) {
      addRow(values, row * columns, sums);
    }
    return sums;
  }

  /** The sum of squared differences from the centre, of each column. */
  private static double[] squares(float[] values, double[] centre) {
    double[] squares = new double[centre.length];
    int rows = rows(values, centre.length);
    for (int row = 0; row < rows; row++) {
      addSquares(values, row * centre.length, centre, squares);
    }
    return squares;
  }

  // A method a row: the compiler gets it before the loop over all rows is over.
  private static void addRow(float[] values, int from, double[] sums) {
    for (int column = 0; column < sums.length; column++) {
      sums[column] += values[from + column];
    }
  }

  private static void addSquares(float[] values, int from, double[] centre, double[] squares) {
    for (int column = 0; column < squares.length; column++) {
      double centred = values[from + column] - centre[column];
      squares[column] += centred * centred;
    }
  }

  private static float deviation(double variance) {
    float deviation = (float) Math.sqrt(variance);
    return deviation == 0 ? 1 : deviation;
  }
}
