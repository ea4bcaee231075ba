package dev.elbo.device.cpu;

/**
 * Tiles of G = dyᵀ x for each sample: dy [B, N], x [B, K], G [N, K].
 *
 * @param prepare brings both factors into the layout of the product; to be run before the tiles
 * @param dyTransposed dyᵀ of each sample
 * @param x the other factor
 * @param examples B
 */
record TileProduct(Kernel prepare, Matrix dyTransposed, Panels x, int examples) {
  /** The product of dy [B, outputs] with x [B, inputs]. */
  static TileProduct of(
      Binding b, Matrix dy, int samples, int outputs, Matrix x, int inputs, int examples) {
    Matrix.Prepared t = Matrix.transposed(dy, samples, examples, outputs, b);
    Panels.Packed p = Panels.of(x, samples, examples, inputs, b);
    return new TileProduct(
        Kernel.sequence(t.kernel(), p.kernel()), t.matrix(), p.panels(), examples);
  }

  /** Adds a sample's product to an array of the tile. */
  void add(int sample, Tile tile, float[] sum) {
    for (int example = 0; example < examples; example += Tiles.GRADIENT_BATCH) {
      int depth = Math.min(Tiles.GRADIENT_BATCH, examples - example);
      Gemm.multiplyPanels(
          tile.rows,
          tile.columns,
          depth,
          dyTransposed.array(),
          dyTransposed.at(sample, tile.row, example),
          dyTransposed.stride(),
          x.array(),
          x.at(sample, example, tile.column),
          x.stride(),
          sum,
          0,
          tile.stride);
    }
  }
}
