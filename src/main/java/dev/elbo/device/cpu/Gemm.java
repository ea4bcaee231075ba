package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.LANES;
import static dev.elbo.device.cpu.Tiles.PANEL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * C += A B for small row-major matrices A [m, p], B [p, n], C [m, n]: the one product behind the
 * forward pass and both backward passes.
 *
 * <p>Each element of C is a chain of fused multiply-adds over p in order, so that it does not
 * depend on the vector length.
 */
final class Gemm {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

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
    for (int row = 0; row < m; row += Tiles.ROWS) {
      int last = m - 1 - row;
      int at = a0 + row * lda;
      if (last >= 4) {
        eightRows(p, last, a, at, lda, b, b0, ldb, c, c0 + row * ldc, ldc);
      } else {
        fourRows(p, last, a, at, lda, b, b0, ldb, c, c0 + row * ldc, ldc);
      }
    }
  }

  // Accumulators are local variables, one a register: C2 keeps neither arrays nor objects of
  // vectors in registers across a loop. Rows after the last repeat it.
  private static void eightRows(
      int p,
      int last,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    int a1 = a0 + lda;
    int a2 = a0 + 2 * lda;
    int a3 = a0 + 3 * lda;
    int a4 = a0 + 4 * lda;
    int a5 = a0 + Math.min(5, last) * lda;
    int a6 = a0 + Math.min(6, last) * lda;
    int a7 = a0 + Math.min(7, last) * lda;
    FloatVector c00 = load(c, c0);
    FloatVector c01 = load(c, c0 + LANES);
    FloatVector c10 = load(c, c0 + ldc);
    FloatVector c11 = load(c, c0 + ldc + LANES);
    FloatVector c20 = load(c, c0 + 2 * ldc);
    FloatVector c21 = load(c, c0 + 2 * ldc + LANES);
    FloatVector c30 = load(c, c0 + 3 * ldc);
    FloatVector c31 = load(c, c0 + 3 * ldc + LANES);
    FloatVector c40 = load(c, c0 + 4 * ldc);
    FloatVector c41 = load(c, c0 + 4 * ldc + LANES);
    FloatVector c50 = load(c, c0 + 5 * ldc);
    FloatVector c51 = load(c, c0 + 5 * ldc + LANES);
    FloatVector c60 = load(c, c0 + 6 * ldc);
    FloatVector c61 = load(c, c0 + 6 * ldc + LANES);
    FloatVector c70 = load(c, c0 + 7 * ldc);
    FloatVector c71 = load(c, c0 + 7 * ldc + LANES);
    for (int i = 0; i < p; i++) {
      FloatVector left = load(b, b0 + i * ldb);
      FloatVector right = load(b, b0 + i * ldb + LANES);
      FloatVector x = broadcast(a[a0 + i]);
      c00 = x.fma(left, c00);
      c01 = x.fma(right, c01);
      x = broadcast(a[a1 + i]);
      c10 = x.fma(left, c10);
      c11 = x.fma(right, c11);
      x = broadcast(a[a2 + i]);
      c20 = x.fma(left, c20);
      c21 = x.fma(right, c21);
      x = broadcast(a[a3 + i]);
      c30 = x.fma(left, c30);
      c31 = x.fma(right, c31);
      x = broadcast(a[a4 + i]);
      c40 = x.fma(left, c40);
      c41 = x.fma(right, c41);
      x = broadcast(a[a5 + i]);
      c50 = x.fma(left, c50);
      c51 = x.fma(right, c51);
      x = broadcast(a[a6 + i]);
      c60 = x.fma(left, c60);
      c61 = x.fma(right, c61);
      x = broadcast(a[a7 + i]);
      c70 = x.fma(left, c70);
      c71 = x.fma(right, c71);
    }
    store(c00, c01, c, c0);
    store(c10, c11, c, c0 + ldc);
    store(c20, c21, c, c0 + 2 * ldc);
    store(c30, c31, c, c0 + 3 * ldc);
    store(c40, c41, c, c0 + 4 * ldc);
    store(c50, c51, c, c0 + 5 * ldc);
    store(c60, c61, c, c0 + 6 * ldc);
    store(c70, c71, c, c0 + 7 * ldc);
  }

  private static void fourRows(
      int p,
      int last,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    int a1 = a0 + Math.min(1, last) * lda;
    int a2 = a0 + Math.min(2, last) * lda;
    int a3 = a0 + Math.min(3, last) * lda;
    FloatVector c00 = load(c, c0);
    FloatVector c01 = load(c, c0 + LANES);
    FloatVector c10 = load(c, c0 + ldc);
    FloatVector c11 = load(c, c0 + ldc + LANES);
    FloatVector c20 = load(c, c0 + 2 * ldc);
    FloatVector c21 = load(c, c0 + 2 * ldc + LANES);
    FloatVector c30 = load(c, c0 + 3 * ldc);
    FloatVector c31 = load(c, c0 + 3 * ldc + LANES);
    for (int i = 0; i < p; i++) {
      FloatVector left = load(b, b0 + i * ldb);
      FloatVector right = load(b, b0 + i * ldb + LANES);
      FloatVector x = broadcast(a[a0 + i]);
      c00 = x.fma(left, c00);
      c01 = x.fma(right, c01);
      x = broadcast(a[a1 + i]);
      c10 = x.fma(left, c10);
      c11 = x.fma(right, c11);
      x = broadcast(a[a2 + i]);
      c20 = x.fma(left, c20);
      c21 = x.fma(right, c21);
      x = broadcast(a[a3 + i]);
      c30 = x.fma(left, c30);
      c31 = x.fma(right, c31);
    }
    store(c00, c01, c, c0);
    store(c10, c11, c, c0 + ldc);
    store(c20, c21, c, c0 + 2 * ldc);
    store(c30, c31, c, c0 + 3 * ldc);
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(FLOATS, from, at);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  private static void store(FloatVector left, FloatVector right, float[] to, int at) {
    left.intoArray(to, at);
    right.intoArray(to, at + LANES);
  }
}
