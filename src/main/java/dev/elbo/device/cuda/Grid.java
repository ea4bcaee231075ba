package dev.elbo.device.cuda;

/**
 * How many blocks run, and of how many threads.
 *
 * @param x blocks in x
 * @param y blocks in y
 * @param z blocks in z
 * @param threads threads of a block
 */
record Grid(int x, int y, int z, int threads) {
  /** Rows and columns of a tile, as tile.cuh has them. */
  static final int TILE = 64;

  /** As many blocks of 256 threads as give every element a thread. */
  static Grid ofElements(long elements) {
    return new Grid(Math.toIntExact(Math.max(1, Math.ceilDiv(elements, 256L))), 1, 1, 256);
  }

  /** A block of 256 threads for each 64 x 64 tile of that many matrices, numbered in x. */
  static Grid ofTiles(int matrices, int rows, int columns) {
    long tiles = (long) matrices * Math.ceilDiv(rows, TILE) * Math.ceilDiv(columns, TILE);
    return new Grid(Math.toIntExact(tiles), 1, 1, 256);
  }

  /** A thread for each quad of a matrix. */
  static Grid ofQuads(int rows, int columns) {
    long quadRows = rows / 16 * 8L + Math.min(rows % 16, 8);
    return ofElements(quadRows * Math.ceilDiv(columns, 2));
  }

  /** The same blocks so many times, numbered in y. */
  Grid times(int many) {
    return new Grid(x, many, z, threads);
  }

  @Override
  public String toString() {
    return "grid %dx%dx%d of %d threads".formatted(x, y, z, threads);
  }
}
