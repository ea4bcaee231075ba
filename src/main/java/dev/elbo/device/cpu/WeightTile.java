package dev.elbo.device.cpu;

/** Where the part of a weight matrix is that a product is about to read; row-major. */
final class WeightTile {
  private final float[] own = new float[Tiles.WEIGHTS];

  float[] array = own;
  private boolean made = true;

  /** The first element. */
  int at;

  /** The distance of the rows. */
  int stride;

  /** Points to a part of a stored matrix. */
  void point(Matrix w, int sample, int row, int column) {
    array = w.array();
    made = false;
    at = w.at(sample, row, column);
    stride = w.stride();
  }

  /**
   * Copies rows of a stored matrix to the tile's own memory: a product that reads rows side by side
   * would wait for those that meet in the same sets of the cache.
   */
  void gather(int rows, int columns) {
    if (!made) {
      int to = Tiles.stride(columns);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(array, at + r * stride, own, r * to, columns);
      }
      make(columns);
    }
  }

  /** Copies rows to the tile's own memory, one after the other without a distance. */
  void pack(int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(array, at + r * stride, own, r * columns, columns);
    }
    array = own;
    made = true;
    at = 0;
    stride = columns;
  }

  /** Points to the tile's own memory, which the caller fills with rows of so many columns. */
  void make(int columns) {
    array = own;
    made = true;
    at = 0;
    stride = Tiles.stride(columns);
  }
}
