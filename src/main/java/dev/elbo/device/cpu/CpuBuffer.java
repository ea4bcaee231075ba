package dev.elbo.device.cpu;

import dev.elbo.device.Buffer;
import dev.elbo.device.DeviceException;
import dev.elbo.tensor.Shape;
import java.util.Objects;

/**
 * A float32 tensor in host memory, row-major: a part of an array, so that values can share an
 * arena.
 *
 * <p>The array holds {@link #PADDING} more elements than its last tensor, so that kernels may load
 * whole vectors that begin inside it. Its first tensor is at {@link #FIRST}: vectors that straddle
 * two lines of the cache take twice as long to load.
 *
 * @param shape the sizes
 * @param array where it lives
 * @param offset where its first element is
 */
@SuppressWarnings("ArrayRecordComponent") // a place in memory: identity is what is meant
record CpuBuffer(Shape shape, float[] array, int offset) implements Buffer {
  /** Elements after the last tensor of every array. */
  static final int PADDING = 64;

  /**
   * The element of an array at which a line of the cache begins, where the JVM aligns objects to
   * lines: -XX:ObjectAlignmentInBytes=64, and 16 bytes of header. Else it does no harm.
   */
  static final int FIRST = 12;

  /** A buffer of its own, zeroed. */
  static CpuBuffer zeros(Shape shape) {
    return new CpuBuffer(shape, array(shape.elements(), "a tensor of shape " + shape), FIRST);
  }

  /**
   * A zeroed array for that many elements from {@link #FIRST} on, and the padding.
   *
   * @throws DeviceException when there is no memory for it
   */
  static float[] array(long elements, String what) {
    try {
      return new float[Math.toIntExact(FIRST + elements + PADDING)];
    } catch (OutOfMemoryError | ArithmeticException e) {
      throw new DeviceException("no memory for " + what + ": " + 4 * elements + " bytes");
    }
  }

  /** The number of elements. */
  int elements() {
    return shape.elements();
  }

  /** The only element of a scalar. */
  float scalar() {
    return array[offset];
  }

  /** An element by its place in the row-major order. */
  float at(int index) {
    return array[offset + index];
  }

  /** Sets an element. */
  void set(int index, double value) {
    array[offset + index] = (float) value;
  }

  @Override
  public void write(float[] values) {
    check(values);
    write(0, values);
  }

  @Override
  public void write(int first, float[] values) {
    Objects.checkFromIndexSize(first, values.length, shape.elements());
    System.arraycopy(values, 0, array, offset + first, values.length);
  }

  @Override
  public void read(float[] values) {
    check(values);
    System.arraycopy(array, offset, values, 0, values.length);
  }

  private void check(float[] values) {
    if (values.length != shape.elements()) {
      throw new IllegalArgumentException(
          "a buffer of shape "
              + shape
              + " holds "
              + shape.elements()
              + " values, got "
              + values.length);
    }
  }
}
