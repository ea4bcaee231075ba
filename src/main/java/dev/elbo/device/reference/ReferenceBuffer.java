package dev.elbo.device.reference;

import dev.elbo.device.Buffer;
import dev.elbo.tensor.Shape;
import java.util.Arrays;
import java.util.Objects;

/** A tensor of the reference: float32 on its outside, double precision within. */
public final class ReferenceBuffer implements Buffer {
  private final Shape shape;
  private final double[] values;

  ReferenceBuffer(Shape shape) {
    this.shape = shape;
    this.values = new double[shape.elements()];
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** The elements themselves, not a copy, so that tests can write more digits than a float has. */
  public double[] values() {
    return values;
  }

  @Override
  public void write(float[] source) {
    checkLength(source);
    write(0, source);
  }

  @Override
  public void write(int first, float[] source) {
    Objects.checkFromIndexSize(first, source.length, values.length);
    for (int i = 0; i < source.length; i++) {
      values[first + i] = source[i];
    }
  }

  @Override
  public void read(float[] target) {
    checkLength(target);
    for (int i = 0; i < values.length; i++) {
      target[i] = (float) values[i];
    }
  }

  private void checkLength(float[] array) {
    if (array.length != values.length) {
      throw new IllegalArgumentException(
          "a buffer of shape "
              + shape
              + " has "
              + values.length
              + " elements, the array "
              + array.length);
    }
  }

  double get(int index) {
    return values[index];
  }

  /** The element of the tensor seen as a matrix of {@link Shape#columns()} columns. */
  double get(int row, int column) {
    return values[row * shape.columns() + column];
  }

  void set(int index, double value) {
    values[index] = value;
  }

  void set(int row, int column, double value) {
    values[row * shape.columns() + column] = value;
  }

  void add(int index, double value) {
    values[index] += value;
  }

  void add(int row, int column, double value) {
    values[row * shape.columns() + column] += value;
  }

  void fill(double value) {
    Arrays.fill(values, value);
  }

  int rows() {
    return shape.rows();
  }

  int columns() {
    return shape.columns();
  }

  int elements() {
    return values.length;
  }
}
