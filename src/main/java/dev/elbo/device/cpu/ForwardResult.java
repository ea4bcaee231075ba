package dev.elbo.device.cpu;

/**
 * Where the tiles of a forward operation go, each when it is done: y [S·B, N] with its epilogue,
 * and the next product.
 *
 * @param y the result
 * @param epilogue what becomes of it
 * @param examples B
 */
record ForwardResult(CpuBuffer y, Epilogue epilogue, int examples) {
  /** The distance of the rows of a tile. */
  static final int STRIDE = Tiles.stride(Tiles.BATCH);

  /** The result of a node that computes so many samples. */
  static ForwardResult of(Binding b, CpuBuffer y, int samples) {
    return new ForwardResult(y, b.epilogue(), y.shape().rows() / samples);
  }

  /** N. */
  int outputs() {
    return y.shape().columns();
  }

  /**
   * Takes a tile, which is changed.
   *
   * @param tile the transpose: its rows are outputs
   * @param rows of the tile, {@code columns} likewise
   * @param output the first
   * @param example the first, a multiple of {@link Tiles#BATCH}
   */
  void put(
      float[] tile, int rows, int columns, int sample, int output, int example, Scratch scratch) {
    epilogue.apply(tile, STRIDE, rows, columns, sample, output);
    if (epilogue.stored()) {
      int first = (sample * examples + example) * outputs() + output;
      Transposition.rectangle(
          tile, 0, STRIDE, rows, columns, y.array(), y.offset() + first, outputs(), scratch.square);
      epilogue.activate(y, first, outputs(), columns, rows);
    }
    epilogue.hand(tile, STRIDE, rows, columns, sample, output, example);
  }
}
