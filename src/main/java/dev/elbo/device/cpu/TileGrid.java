package dev.elbo.device.cpu;

import dev.elbo.tensor.Shape;

/**
 * How the tensors of a mean-field Gaussian are cut into tiles.
 *
 * @param rows of the tensor; 1 for a vector
 * @param columns of the tensor
 * @param tileRows the most rows of a tile
 * @param tileColumns the most columns of a tile
 * @param vector whether noise is drawn by linear index
 */
record TileGrid(int rows, int columns, int tileRows, int tileColumns, boolean vector) {
  /** Tiles that threads can share; a matrix of a few rows is cut into columns too. */
  private static final int ENOUGH = 8;

  private static final int NARROWEST = 128;

  /** The tiles of a matrix [N, K]. */
  static TileGrid matrix(int rows, int columns) {
    int bands = Math.max(1, ENOUGH / Tiles.parts(rows, Tiles.GRADIENT_OUTPUTS));
    int width = Tiles.roundUp(Tiles.parts(columns, bands), NARROWEST);
    int tileColumns = Math.min(width, Tiles.GRADIENT_INPUTS);
    return new TileGrid(rows, columns, Tiles.GRADIENT_OUTPUTS, tileColumns, false);
  }

  /** The tiles of a matrix or a vector. */
  static TileGrid of(Shape shape) {
    return shape.rank() == 2
        ? matrix(shape.rows(), shape.columns())
        : new TileGrid(1, shape.columns(), 1, Tiles.LINEAR, true);
  }

  /** The number of tiles. */
  int blocks() {
    return Tiles.parts(rows, tileRows) * Tiles.parts(columns, tileColumns);
  }

  /** Puts a tile in its place. */
  void place(int block, Tile tile) {
    int bands = Tiles.parts(columns, tileColumns);
    int row = block / bands * tileRows;
    int column = block % bands * tileColumns;
    int height = Math.min(tileRows, rows - row);
    int width = Math.min(tileColumns, columns - column);
    tile.place(row, height, column, width, columns);
    tile.vector = vector;
  }
}
