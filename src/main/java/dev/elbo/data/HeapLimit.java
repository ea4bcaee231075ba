package dev.elbo.data;

/** Says that data does not fit, before the attempt to hold it takes the process down. */
final class HeapLimit {
  /** The largest array that every Java runtime can make. */
  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

  private static final int MEBIBYTE = 1 << 20;

  private HeapLimit() {}

  /**
   * Checks that numbers can be held.
   *
   * @param name the file they come from
   * @param values how many
   * @param bytesEach the memory that each takes while it is read
   * @param heap the memory there is
   * @throws DataException if not
   */
  static void check(String name, long values, int bytesEach, long heap) {
    if (values > LARGEST_ARRAY) {
      throw new DataException(
          name + ": more than the " + LARGEST_ARRAY + " values that can be held");
    }
    if (values * bytesEach > heap) {
      throw new DataException(
          name
              + ": "
              + values
              + " values need "
              + values * bytesEach / MEBIBYTE
              + " MiB, the Java heap has "
              + heap / MEBIBYTE);
    }
  }
}
