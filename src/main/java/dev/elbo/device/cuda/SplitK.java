package dev.elbo.device.cuda;

/**
 * How the sums of a product are shared out where its tiles are too few to fill a card: the sum of
 * each tile in parts, a block for each, which write them to memory; a second stage adds them up in
 * order. The number of parts depends on the shapes alone, so that all cards give the same bits.
 *
 * @param matrices how many results there are
 * @param rows of each
 * @param columns of each
 * @param parts how many, 1 for sums that are not split
 * @param together how many matrices a block of the first stage owns a tile of
 */
record SplitK(int matrices, int rows, int columns, int parts, int together) {
  /** Two blocks for each multiprocessor of the largest cards that there are. */
  private static final int BLOCKS = 264;

  /** What a part sums up at least: the first slices of a block wait for memory. */
  private static final int DEPTH = 128;

  /** That of matrices [rows, columns], each element of which is a sum of so many products. */
  static SplitK of(int matrices, int rows, int columns, int depth) {
    int tiles = Grid.ofTiles(matrices, rows, columns).x();
    return new SplitK(matrices, rows, columns, parts(tiles, depth), 1);
  }

  /** The same sums where a block owns a tile of two matrices, of which there is an even number. */
  SplitK inPairs() {
    return new SplitK(matrices, rows, columns, parts, 2);
  }

  /** The parts of each of so many tiles. */
  static int parts(int tiles, int depth) {
    return Math.max(1, Math.min(Math.ceilDiv(BLOCKS, tiles), depth / DEPTH));
  }

  boolean isWhole() {
    return parts == 1;
  }

  /** The grid of the first stage. */
  Grid tiles() {
    return Grid.ofTiles(matrices / together, rows, columns).times(parts);
  }

  /** The blocks of the first stage. */
  int blocks() {
    return tiles().x() * parts;
  }

  /** The grid of the second stage. */
  Grid quads() {
    return Grid.ofQuads(rows, columns).times(matrices);
  }

  /** Allocates the parts: nowhere when there is one. */
  Address memory(Binding b) {
    long bytes = (long) Float.BYTES * parts * matrices * rows * columns;
    return isWhole() ? new Address() : b.workspace(bytes);
  }
}
