package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static dev.elbo.device.cpu.Tiles.PANEL;

import jdk.incubator.vector.FloatVector;

/**
 * The same as {@link WideMicroKernel} with 16 registers, and for the few rows that it leaves. For
 * two steps a turn six rows would take more registers than there are.
 */
final class NarrowMicroKernel {
  private NarrowMicroKernel() {}

  /** Five or six rows. */
  static void sixRows(
      int p, int last, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc) {
    int a1 = a0 + lda;
    int a2 = a0 + 2 * lda;
    int a3 = a0 + 3 * lda;
    int a4 = a0 + 4 * lda;
    int a5 = a0 + Math.min(5, last) * lda;
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
    for (int i = 0; i < p; i++) {
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
  }

  /** One to four rows. */
  static void fourRows(
      int p, int last, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc) {
    int a1 = a0 + Math.min(1, last) * lda;
    int a2 = a0 + Math.min(2, last) * lda;
    int a3 = a0 + Math.min(3, last) * lda;
    FloatVector l0 = FloatVector.fromArray(FLOATS, c, c0);
    FloatVector r0 = FloatVector.fromArray(FLOATS, c, c0 + LANES);
    FloatVector l1 = FloatVector.fromArray(FLOATS, c, c0 + ldc);
    FloatVector r1 = FloatVector.fromArray(FLOATS, c, c0 + ldc + LANES);
    FloatVector l2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * ldc);
    FloatVector r2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * ldc + LANES);
    FloatVector l3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * ldc);
    FloatVector r3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * ldc + LANES);
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
    }
    l0.intoArray(c, c0);
    r0.intoArray(c, c0 + LANES);
    l1.intoArray(c, c0 + ldc);
    r1.intoArray(c, c0 + ldc + LANES);
    l2.intoArray(c, c0 + 2 * ldc);
    r2.intoArray(c, c0 + 2 * ldc + LANES);
    l3.intoArray(c, c0 + 3 * ldc);
    r3.intoArray(c, c0 + 3 * ldc + LANES);
  }
}
