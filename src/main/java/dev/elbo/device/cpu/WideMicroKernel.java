package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static dev.elbo.device.cpu.Tiles.PANEL;

import jdk.incubator.vector.FloatVector;

/**
 * C += A B for a few rows and one panel of columns, all of C in registers, of which there are 32:
 * so with vectors of 128 bits on ARM and of 512 on x86. Rows after the last repeat it.
 *
 * <p>The accumulators are local variables, one a register: C2 keeps neither arrays nor objects of
 * vectors in registers across a loop. They are loaded without a method of our own in between: in
 * methods as large as these C2 inlines the Vector API alone, and all others take and return vectors
 * through memory. It spills accumulators where it does not strip-mine loops: only with G1 it does,
 * or with -XX:+UseCountedLoopSafepoints and -XX:LoopStripMiningIter=1000.
 *
 * <p>Two steps of the sum a turn: each row's address is computed once for both, and what computes
 * addresses competes with what multiplies. Of more steps C2 loads the operands so early that it
 * spills. The steps are even in number; {@link Gemm} adds a last one.
 */
final class WideMicroKernel {
  private WideMicroKernel() {}

  /** Nine to twelve rows. */
  static void twelveRows(
      int p, int last, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc) {
    int a1 = a0 + lda;
    int a2 = a0 + 2 * lda;
    int a3 = a0 + 3 * lda;
    int a4 = a0 + 4 * lda;
    int a5 = a0 + 5 * lda;
    int a6 = a0 + 6 * lda;
    int a7 = a0 + 7 * lda;
    int a8 = a0 + 8 * lda;
    int a9 = a0 + Math.min(9, last) * lda;
    int a10 = a0 + Math.min(10, last) * lda;
    int a11 = a0 + Math.min(11, last) * lda;
    FloatVector l0 = FloatVector.fromArray(FLOATS, c, c0);
    FloatVector r0 = FloatVector.fromArray(FLOATS, c, c0 + LANES);
    FloatVector l1 = FloatVector.fromArray(FLOATS, c, c0 + ldc);
    FloatVector r1 = FloatVector.fromArray(FLOATS, c, c0 + ldc + LANES);
    FloatVector l2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * ldc);
    FloatVector r2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * ldc + LANES);
    FloatVector l3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * ldc);
    FloatVector r3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * ldc + LANES);
    FloatVector l4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * ldc);
    FloatVector r4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * ldc + LANES);
    FloatVector l5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * ldc);
    FloatVector r5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * ldc + LANES);
    FloatVector l6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * ldc);
    FloatVector r6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * ldc + LANES);
    FloatVector l7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * ldc);
    FloatVector r7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * ldc + LANES);
    FloatVector l8 = FloatVector.fromArray(FLOATS, c, c0 + 8 * ldc);
    FloatVector r8 = FloatVector.fromArray(FLOATS, c, c0 + 8 * ldc + LANES);
    FloatVector l9 = FloatVector.fromArray(FLOATS, c, c0 + 9 * ldc);
    FloatVector r9 = FloatVector.fromArray(FLOATS, c, c0 + 9 * ldc + LANES);
    FloatVector l10 = FloatVector.fromArray(FLOATS, c, c0 + 10 * ldc);
    FloatVector r10 = FloatVector.fromArray(FLOATS, c, c0 + 10 * ldc + LANES);
    FloatVector l11 = FloatVector.fromArray(FLOATS, c, c0 + 11 * ldc);
    FloatVector r11 = FloatVector.fromArray(FLOATS, c, c0 + 11 * ldc + LANES);
    for (int i = 0; i < p - 1; i += 2) {
      FloatVector left = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL);
      FloatVector right = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL + LANES);
      FloatVector x = FloatVector.broadcast(FLOATS, a[a0 + i]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(FLOATS, a[a1 + i]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(FLOATS, a[a2 + i]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(FLOATS, a[a3 + i]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(FLOATS, a[a4 + i]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(FLOATS, a[a5 + i]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
      x = FloatVector.broadcast(FLOATS, a[a6 + i]);
      l6 = x.fma(left, l6);
      r6 = x.fma(right, r6);
      x = FloatVector.broadcast(FLOATS, a[a7 + i]);
      l7 = x.fma(left, l7);
      r7 = x.fma(right, r7);
      x = FloatVector.broadcast(FLOATS, a[a8 + i]);
      l8 = x.fma(left, l8);
      r8 = x.fma(right, r8);
      x = FloatVector.broadcast(FLOATS, a[a9 + i]);
      l9 = x.fma(left, l9);
      r9 = x.fma(right, r9);
      x = FloatVector.broadcast(FLOATS, a[a10 + i]);
      l10 = x.fma(left, l10);
      r10 = x.fma(right, r10);
      x = FloatVector.broadcast(FLOATS, a[a11 + i]);
      l11 = x.fma(left, l11);
      r11 = x.fma(right, r11);
      left = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL + PANEL);
      right = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL + PANEL + LANES);
      x = FloatVector.broadcast(FLOATS, a[a0 + i + 1]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(FLOATS, a[a1 + i + 1]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(FLOATS, a[a2 + i + 1]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(FLOATS, a[a3 + i + 1]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(FLOATS, a[a4 + i + 1]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(FLOATS, a[a5 + i + 1]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
      x = FloatVector.broadcast(FLOATS, a[a6 + i + 1]);
      l6 = x.fma(left, l6);
      r6 = x.fma(right, r6);
      x = FloatVector.broadcast(FLOATS, a[a7 + i + 1]);
      l7 = x.fma(left, l7);
      r7 = x.fma(right, r7);
      x = FloatVector.broadcast(FLOATS, a[a8 + i + 1]);
      l8 = x.fma(left, l8);
      r8 = x.fma(right, r8);
      x = FloatVector.broadcast(FLOATS, a[a9 + i + 1]);
      l9 = x.fma(left, l9);
      r9 = x.fma(right, r9);
      x = FloatVector.broadcast(FLOATS, a[a10 + i + 1]);
      l10 = x.fma(left, l10);
      r10 = x.fma(right, r10);
      x = FloatVector.broadcast(FLOATS, a[a11 + i + 1]);
      l11 = x.fma(left, l11);
      r11 = x.fma(right, r11);
    }
    l0.intoArray(c, c0);
    r0.intoArray(c, c0 + LANES);
    l1.intoArray(c, c0 + ldc);
    r1.intoArray(c, c0 + ldc + LANES);
    l2.intoArray(c, c0 + 2 * ldc);
    r2.intoArray(c, c0 + 2 * ldc + LANES);
    l3.intoArray(c, c0 + 3 * ldc);
    r3.intoArray(c, c0 + 3 * ldc + LANES);
    l4.intoArray(c, c0 + 4 * ldc);
    r4.intoArray(c, c0 + 4 * ldc + LANES);
    l5.intoArray(c, c0 + 5 * ldc);
    r5.intoArray(c, c0 + 5 * ldc + LANES);
    l6.intoArray(c, c0 + 6 * ldc);
    r6.intoArray(c, c0 + 6 * ldc + LANES);
    l7.intoArray(c, c0 + 7 * ldc);
    r7.intoArray(c, c0 + 7 * ldc + LANES);
    l8.intoArray(c, c0 + 8 * ldc);
    r8.intoArray(c, c0 + 8 * ldc + LANES);
    l9.intoArray(c, c0 + 9 * ldc);
    r9.intoArray(c, c0 + 9 * ldc + LANES);
    l10.intoArray(c, c0 + 10 * ldc);
    r10.intoArray(c, c0 + 10 * ldc + LANES);
    l11.intoArray(c, c0 + 11 * ldc);
    r11.intoArray(c, c0 + 11 * ldc + LANES);
  }

  /** Five to eight rows. */
  static void eightRows(
      int p, int last, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc) {
    int a1 = a0 + lda;
    int a2 = a0 + 2 * lda;
    int a3 = a0 + 3 * lda;
    int a4 = a0 + 4 * lda;
    int a5 = a0 + Math.min(5, last) * lda;
    int a6 = a0 + Math.min(6, last) * lda;
    int a7 = a0 + Math.min(7, last) * lda;
    FloatVector l0 = FloatVector.fromArray(FLOATS, c, c0);
    FloatVector r0 = FloatVector.fromArray(FLOATS, c, c0 + LANES);
    FloatVector l1 = FloatVector.fromArray(FLOATS, c, c0 + ldc);
    FloatVector r1 = FloatVector.fromArray(FLOATS, c, c0 + ldc + LANES);
    FloatVector l2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * ldc);
    FloatVector r2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * ldc + LANES);
    FloatVector l3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * ldc);
    FloatVector r3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * ldc + LANES);
    FloatVector l4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * ldc);
    FloatVector r4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * ldc + LANES);
    FloatVector l5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * ldc);
    FloatVector r5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * ldc + LANES);
    FloatVector l6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * ldc);
    FloatVector r6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * ldc + LANES);
    FloatVector l7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * ldc);
    FloatVector r7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * ldc + LANES);
    for (int i = 0; i < p - 1; i += 2) {
      FloatVector left = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL);
      FloatVector right = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL + LANES);
      FloatVector x = FloatVector.broadcast(FLOATS, a[a0 + i]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(FLOATS, a[a1 + i]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(FLOATS, a[a2 + i]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(FLOATS, a[a3 + i]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(FLOATS, a[a4 + i]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(FLOATS, a[a5 + i]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
      x = FloatVector.broadcast(FLOATS, a[a6 + i]);
      l6 = x.fma(left, l6);
      r6 = x.fma(right, r6);
      x = FloatVector.broadcast(FLOATS, a[a7 + i]);
      l7 = x.fma(left, l7);
      r7 = x.fma(right, r7);
      left = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL + PANEL);
      right = FloatVector.fromArray(FLOATS, b, b0 + i * PANEL + PANEL + LANES);
      x = FloatVector.broadcast(FLOATS, a[a0 + i + 1]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(FLOATS, a[a1 + i + 1]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(FLOATS, a[a2 + i + 1]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(FLOATS, a[a3 + i + 1]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(FLOATS, a[a4 + i + 1]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(FLOATS, a[a5 + i + 1]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
      x = FloatVector.broadcast(FLOATS, a[a6 + i + 1]);
      l6 = x.fma(left, l6);
      r6 = x.fma(right, r6);
      x = FloatVector.broadcast(FLOATS, a[a7 + i + 1]);
      l7 = x.fma(left, l7);
      r7 = x.fma(right, r7);
    }
    l0.intoArray(c, c0);
    r0.intoArray(c, c0 + LANES);
    l1.intoArray(c, c0 + ldc);
    r1.intoArray(c, c0 + ldc + LANES);
    l2.intoArray(c, c0 + 2 * ldc);
    r2.intoArray(c, c0 + 2 * ldc + LANES);
    l3.intoArray(c, c0 + 3 * ldc);
    r3.intoArray(c, c0 + 3 * ldc + LANES);
    l4.intoArray(c, c0 + 4 * ldc);
    r4.intoArray(c, c0 + 4 * ldc + LANES);
    l5.intoArray(c, c0 + 5 * ldc);
    r5.intoArray(c, c0 + 5 * ldc + LANES);
    l6.intoArray(c, c0 + 6 * ldc);
    r6.intoArray(c, c0 + 6 * ldc + LANES);
    l7.intoArray(c, c0 + 7 * ldc);
    r7.intoArray(c, c0 + 7 * ldc + LANES);
  }
}
