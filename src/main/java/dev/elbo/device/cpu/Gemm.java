package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.LANES;
import static dev.elbo.device.cpu.Tiles.PANEL;

/**
 * C += A B for small row-major matrices A [m, p], B [p, n], C [m, n]: the one product behind the
 * forward pass and both backward passes.
 *
 * <p>Each element of C is a chain of fused multiply-adds over p in order, so that it does not
 * depend on the vector length.
 */
final class Gemm {
  private Gemm() {}

  /**
   * Adds a product to C; B is row-major.
   *
   * <p>B is read and C is written in whole panels of {@link Tiles#PANEL} columns, and C in whole
   * groups of {@link Tiles#ROWS} rows: what lies beyond n and m there is overwritten with values of
   * no meaning. A is read within its rows only.
   *
   * @param a0 where A begins; {@code lda} the distance of its rows; likewise for B and C
   */
  static void multiply(
      int m,
      int n,
      int p,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    for (int column = 0; column < n; column += PANEL) {
      panel(m, p, a, a0, lda, b, b0 + column, ldb, c, c0 + column, ldc);
    }
  }

  /**
   * The same with B in {@link Panels}.
   *
   * @param b0 where the first panel begins; {@code panel} the distance of the panels
   */
  static void multiplyPanels(
      int m,
      int n,
      int p,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int panel,
      float[] c,
      int c0,
      int ldc) {
    for (int column = 0; column < n; column += PANEL) {
      int right = b0 + column / PANEL * panel;
      panel(m, p, a, a0, lda, b, right, PANEL, c, c0 + column, ldc);
    }
  }

  private static void panel(
      int m,
      int p,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    int row = 0;
    while (row < m) {
      int last = m - 1 - row;
      int left = a0 + row * lda;
      int to = c0 + row * ldc;
      int rows = next(m - row);
      switch (rows) {
        case 12 -> MicroKernel.twelveRows(p, last, a, left, lda, b, b0, ldb, c, to, ldc);
        case 6 -> MicroKernel.sixRows(p, last, a, left, lda, b, b0, ldb, c, to, ldc);
        default -> MicroKernel.fourRows(p, last, a, left, lda, b, b0, ldb, c, to, ldc);
      }
      row += rows;
    }
  }

  /**
   * How many of so many rows come next, such that few are computed in vain; not twelve with AVX2,
   * which has 8 lanes and 16 registers.
   */
  private static int next(int rows) {
    if (rows > 10 && LANES != 8) {
      return 12;
    }
    return rows > 8 || rows == 5 || rows == 6 ? 6 : 4;
  }
}
