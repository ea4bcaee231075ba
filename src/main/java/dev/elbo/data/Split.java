package dev.elbo.data;

import dev.elbo.random.Noise;
import dev.elbo.random.Permutation;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rows set apart for validation: a pure function of (seed, size, fraction).
 *
 * @param training the rows left to train with, in ascending order
 * @param validation the rows set apart, in ascending order
 */
public record Split(int[] training, int[] validation) {
  /**
   * Sets apart {@code round(fraction * size)} rows, drawn at random; a positive fraction sets apart
   * at least one.
   *
   * @param size the number of rows
   * @param fraction 0 to 1, exclusive
   * @throws IllegalArgumentException if the fraction is out of range, or leaves no row to train
   *     with
   */
  public static Split of(long seed, int size, double fraction) {
    int wanted = wanted(size, fraction);
    int[] rows = new int[size];
    Permutation.fill(seed, Noise.SPLIT_SITE, 0, rows);
    int[] validation = Arrays.copyOfRange(rows, 0, wanted);
    int[] training = Arrays.copyOfRange(rows, wanted, size);
    Arrays.sort(validation);
    Arrays.sort(training);
    return new Split(training, validation);
  }

  /**
   * Sets apart the last {@code round(fraction * size)} rows: those of a sequence belong together.
   *
   * @param size the number of rows
   * @param fraction 0 to 1, exclusive
   * @throws IllegalArgumentException as {@link #of}
   */
  public static Split ofEnd(int size, double fraction) {
    int training = size - wanted(size, fraction);
    return new Split(
        IntStream.range(0, training).toArray(), IntStream.range(training, size).toArray());
  }

  private static int wanted(int size, double fraction) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "validation fraction " + fraction + " is not at least 0 and below 1");
    }
    long wanted = fraction == 0 ? 0 : Math.max(1, Math.round(fraction * size));
    if (wanted >= size) {
      throw new IllegalArgumentException(
          "validation fraction " + fraction + " of " + size + " rows leaves none to train with");
    }
    return (int) wanted;
  }
}
