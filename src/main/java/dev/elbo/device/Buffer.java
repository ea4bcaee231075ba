package dev.elbo.device;

import dev.elbo.tensor.Shape;

/** A float32 tensor in a device's memory. */
public interface Buffer extends AutoCloseable {
  /** The sizes of the tensor. */
  Shape shape();

  /**
   * Copies a host array into the buffer.
   *
   * @throws IllegalArgumentException when the array does not have as many elements as the shape
   */
  void write(float[] values);

  /**
   * Copies a host array over a part of the buffer, so that a large tensor can be made in pieces.
   *
   * @param first where it goes, in row-major order
   * @throws IndexOutOfBoundsException when the part is not within the buffer
   */
  void write(int first, float[] values);

  /**
   * Copies the buffer into a host array.
   *
   * @throws IllegalArgumentException when the array does not have as many elements as the shape
   */
  void read(float[] values);

  /**
   * Gives the memory back before the device is closed, which does it otherwise. Neither the buffer
   * nor a program that has it as a parameter can be used any more. Buffers of programs are closed
   * with these.
   */
  @Override
  default void close() {}
}
