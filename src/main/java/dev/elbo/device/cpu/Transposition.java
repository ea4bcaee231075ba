package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * y = xᵀ for rectangles of row-major matrices.
 *
 * <p>A square of L x L elements, L the length of a vector, is transposed in log2(L) passes of one
 * kind: each interleaves row i with row i + L/2 into the rows 2i and 2i + 1, which turns the bits
 * of an element's place (row, column) by one, so that after log2(L) of them rows are columns.
 */
final class Transposition {
  private static final VectorShuffle<Float> ZIP_FIRST = VectorShuffle.makeZip(FLOATS, 0);
  private static final VectorShuffle<Float> ZIP_SECOND = VectorShuffle.makeZip(FLOATS, 1);
  private static final int SQUARE = LANES * LANES;
  private static final int PASSES = Integer.numberOfTrailingZeros(LANES);

  /** Floats that {@link #rectangle} needs besides its operands. */
  static final int SCRATCH = 2 * SQUARE;

  private Transposition() {}

  /**
   * Writes y [columns, rows] = x [rows, columns]ᵀ and nothing else.
   *
   * @param x0 where x begins; {@code ldx} the distance of its rows; likewise for y
   */
  static void rectangle(
      float[] x,
      int x0,
      int ldx,
      int rows,
      int columns,
      float[] y,
      int y0,
      int ldy,
      float[] scratch) {
    int wholeRows = Lanes.whole(rows);
    int wholeColumns = Lanes.whole(columns);
    for (int row = 0; row < wholeRows; row += LANES) {
      for (int column = 0; column < wholeColumns; column += LANES) {
        square(x, x0 + row * ldx + column, ldx, y, y0 + column * ldy + row, ldy, scratch);
      }
    }
    elements(x, x0, ldx, 0, wholeRows, wholeColumns, columns, y, y0, ldy);
    elements(x, x0, ldx, wholeRows, rows, 0, columns, y, y0, ldy);
  }

  private static void square(
      float[] x, int x0, int ldx, float[] y, int y0, int ldy, float[] scratch) {
    int from = 0;
    pass(x, x0, ldx, scratch, from, LANES);
    for (int i = 2; i < PASSES; i++) {
      pass(scratch, from, LANES, scratch, SQUARE - from, LANES);
      from = SQUARE - from;
    }
    pass(scratch, from, LANES, y, y0, ldy);
  }

  private static void pass(float[] x, int x0, int ldx, float[] y, int y0, int ldy) {
    for (int i = 0; i < LANES / 2; i++) {
      FloatVector upper = FloatVector.fromArray(FLOATS, x, x0 + i * ldx);
      FloatVector lower = FloatVector.fromArray(FLOATS, x, x0 + (i + LANES / 2) * ldx);
      upper.rearrange(ZIP_FIRST, lower).intoArray(y, y0 + 2 * i * ldy);
      upper.rearrange(ZIP_SECOND, lower).intoArray(y, y0 + (2 * i + 1) * ldy);
    }
  }

  private static void elements(
      float[] x,
      int x0,
      int ldx,
      int row0,
      int rows,
      int column0,
      int columns,
      float[] y,
      int y0,
      int ldy) {
    for (int column = column0; column < columns; column++) {
      for (int row = row0; row < rows; row++) {
        y[y0 + column * ldy + row] = x[x0 + row * ldx + column];
      }
    }
  }
}
