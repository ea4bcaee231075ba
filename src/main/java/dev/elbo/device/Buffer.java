package dev.elbo.device;

import dev.elbo.tensor.Shape;

/** A float32 tensor in a device's memory. */
public interface Buffer {
  /** The sizes of the tensor. */
  Shape shape();

  /**
   * Copies a host array into the buffer.
   *
   * @throws IllegalArgumentException when the array does not have as many elements as the shape
   */
  void write(float[] values);

  /**
   * Copies the buffer into a host array.
   *
   * @throws IllegalArgumentException when the array does not have as many elements as the shape
   */
  void read(float[] values);
}
