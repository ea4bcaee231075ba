package dev.elbo.device.cuda;

/**
 * How the sums of a product are shared out where its tiles are too few to fill a card: the sum of
 * each tile in parts, a block for each, which write them to memory; a second stage adds them up in
 * order. The number of parts depends on the shapes alone, so that all cards give the same bits.
 *
 * @param parts how many, 1 for sums that are not split
 * @param tiles the grid of the first stage
 * @param quads the grid of the second
 * @param memory where parts are, nowhere when there is one
 */
record Split(int parts, Grid tiles, Grid quads, Address memory) {
  /** Two blocks for each multiprocessor of the largest cards that there are. */
  private static final int BLOCKS = 264;

  /** What a part sums up at least: the first slices of a block wait for memory. */
  private static final int DEPTH = 128;

  /**
   * That of matrices [rows, columns], each element of which is a sum of so many products.
   *
   * @param b allocates the parts
   */
  static Split of(Binding b, int matrices, int rows, int columns, int depth) {
    Grid tiles = Grid.ofTiles(matrices, rows, columns);
    int parts = parts(tiles.x(), depth);
    long bytes = (long) Float.BYTES * parts * matrices * rows * columns;
    return new Split(
        parts,
        tiles.times(parts),
        Grid.ofQuads(rows, columns).times(matrices),
        parts == 1 ? new Address() : b.workspace(bytes));
  }

  /** The parts of each of so many tiles. */
  static int parts(int tiles, int depth) {
    return Math.max(1, Math.min(Math.ceilDiv(BLOCKS, tiles), depth / DEPTH));
  }

  boolean isWhole() {
    return parts == 1;
  }

  /** The last argument of the first stage. */
  Object[] to() {
    return new Object[] {memory};
  }

  /** What the second stage reads. */
  Object[] from() {
    return new Object[] {parts, memory};
  }
}
