package dev.elbo.device.cpu;

import dev.elbo.tensor.Shape;

/**
 * Memory for what kernels need while one node runs; all nodes of a program share it.
 *
 * <p>A program is bound twice: first with a workspace that only measures, then with one of the size
 * that was found.
 */
final class Workspace {
  private final float[] array;
  private long used;
  private long largest;

  private Workspace(float[] array) {
    this.array = array;
  }

  /** A workspace whose buffers have no memory. */
  static Workspace measuring() {
    return new Workspace(new float[0]);
  }

  /** A workspace as large as this one turned out to be. */
  Workspace allocate() {
    return new Workspace(CpuBuffer.array(largest, "the workspace"));
  }

  /** Begins the next node. */
  void reset() {
    used = 0;
  }

  /** Room for a tensor, and for whole vectors after it. */
  CpuBuffer reserve(Shape shape) {
    int offset = Math.toIntExact(CpuBuffer.FIRST + used);
    long room = (shape.elements() + CpuBuffer.PADDING + 15L) / 16 * 16;
    used += room;
    largest = Math.max(largest, used);
    return new CpuBuffer(shape, array, offset);
  }

  /** Elements held. */
  long size() {
    return array.length;
  }
}
