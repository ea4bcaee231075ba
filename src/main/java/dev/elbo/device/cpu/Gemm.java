package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static dev.elbo.device.cpu.Tiles.PANEL;

import jdk.incubator.vector.FloatVector;

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
   * Adds a product to C; B is row-major, and its panels are copied one by one.
   *
   * <p>B is read and C is written in whole panels of {@link Tiles#PANEL} columns, and C in whole
   * groups of {@link Tiles#ROWS} rows: what lies beyond n and m there is overwritten with values of
   * no meaning. A is read within its rows only.
   *
   * @param a0 where A begins; {@code lda} the distance of its rows; likewise for B and C
   * @param panel room for a panel of p rows, from {@link CpuBuffer#FIRST}
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
      int ldc,
      float[] panel) {
    for (int column = 0; column < n; column += PANEL) {
      copy(p, b, b0 + column, ldb, panel);
      panel(m, p, a, a0, lda, panel, CpuBuffer.FIRST, c, c0 + column, ldc);
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
      panel(m, p, a, a0, lda, b, b0 + column / PANEL * panel, c, c0 + column, ldc);
    }
  }

  private static void copy(int p, float[] b, int b0, int ldb, float[] panel) {
    for (int i = 0; i < p; i++) {
      FloatVector left = FloatVector.fromArray(FLOATS, b, b0 + i * ldb);
      FloatVector right = FloatVector.fromArray(FLOATS, b, b0 + i * ldb + LANES);
      left.intoArray(panel, CpuBuffer.FIRST + i * PANEL);
      right.intoArray(panel, CpuBuffer.FIRST + i * PANEL + LANES);
    }
  }

  private static void panel(
      int m, int p, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc) {
    int even = p - p % 2;
    int row = 0;
    while (row < m) {
      int last = m - 1 - row;
      int left = a0 + row * lda;
      int to = c0 + row * ldc;
      int rows = next(m - row);
      switch (rows) {
        case 12 -> WideMicroKernel.twelveRows(even, last, a, left, lda, b, b0, c, to, ldc);
        case 8 -> WideMicroKernel.eightRows(even, last, a, left, lda, b, b0, c, to, ldc);
        case 6 -> NarrowMicroKernel.sixRows(even, last, a, left, lda, b, b0, c, to, ldc);
        default -> NarrowMicroKernel.fourRows(even, last, a, left, lda, b, b0, c, to, ldc);
      }
      row += rows;
    }
    if (even < p) {
      lastStep(m, a, a0 + even, lda, b, b0 + even * PANEL, c, c0, ldc);
    }
  }

  /** The step of the sum that the micro-kernels leave out. */
  private static void lastStep(
      int m, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc) {
    FloatVector left = FloatVector.fromArray(FLOATS, b, b0);
    FloatVector right = FloatVector.fromArray(FLOATS, b, b0 + LANES);
    for (int row = 0; row < m; row++) {
      FloatVector x = FloatVector.broadcast(FLOATS, a[a0 + row * lda]);
      int to = c0 + row * ldc;
      x.fma(left, FloatVector.fromArray(FLOATS, c, to)).intoArray(c, to);
      x.fma(right, FloatVector.fromArray(FLOATS, c, to + LANES)).intoArray(c, to + LANES);
    }
  }

  /**
   * How many of so many rows come next, such that few are computed in vain; twelve and eight not
   * with AVX2, which has 8 lanes and 16 registers.
   */
  private static int next(int rows) {
    if (LANES == 8) {
      return rows > 8 || rows == 5 || rows == 6 ? 6 : 4;
    }
    if (rows <= 4) {
      return 4;
    }
    return rows <= 8 || (rows > 12 && rows <= 16) ? 8 : 12;
  }
}
