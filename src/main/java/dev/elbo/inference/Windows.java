package dev.elbo.inference;

import dev.elbo.layer.Observations;
import dev.elbo.random.Noise;

/**
 * The windows of rows that batches are made of. An epoch cuts the rows into windows that follow one
 * another, from a first row that is drawn anew for every epoch, so that a window does not begin at
 * the same rows again and again. Where rows stand alone, a window is a row.
 *
 * @param length T, the rows of a window
 * @param rows N, of the whole data
 */
record Windows(int length, int rows) {
  Windows {
    if (rows < length) {
      throw new IllegalArgumentException(
          "%d rows are fewer than one window of %d".formatted(rows, length));
    }
  }

  /** The windows of data. */
  static Windows of(Observations observations, int rows) {
    return new Windows(observations.window(), rows);
  }

  /** How many windows an epoch has: as many as there are from the last first row. */
  int count() {
    return Math.max(1, (rows - length + 1) / length);
  }

  /** The row at which the windows of an epoch begin: a pure function of (seed, epoch). */
  int first(long seed, long epoch) {
    int choices = rows - count() * length + 1;
    if (choices == 1) {
      return 0;
    }
    Noise noise = new Noise(seed, Noise.AUGMENTATION_SITE, 0, Math.toIntExact(epoch));
    int firsts = Math.min(choices, length);
    return (int) ((Integer.toUnsignedLong(noise.bits(0)) * firsts) >>> Integer.SIZE);
  }
}
