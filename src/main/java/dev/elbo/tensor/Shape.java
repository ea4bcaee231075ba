package dev.elbo.tensor;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor, outermost first; {@code []} is a scalar.
 *
 * @param sizes the size of each dimension, all positive; their product fits an int
 */
public record Shape(List<Integer> sizes) {
  /** The shape of a single number. */
  public static final Shape SCALAR = new Shape(List.of());

  public Shape {
    sizes = List.copyOf(sizes);
    long elements = 1;
    for (int size : sizes) {
      if (size <= 0) {
        throw new IllegalArgumentException("shape " + sizes + " has a size below 1");
      }
      elements *= size;
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape " + sizes + " has more than " + Integer.MAX_VALUE + " elements");
      }
    }
  }

  /** A shape of the given sizes. */
  public static Shape of(Integer... sizes) {
    return new Shape(List.of(sizes));
  }

  /** The number of dimensions. */
  public int rank() {
    return sizes.size();
  }

  /** The number of elements. */
  public int elements() {
    return sizes.stream().reduce(1, (a, b) -> a * b);
  }

  /** The last size: what one row of the tensor, seen as a matrix, holds; 1 for a scalar. */
  public int columns() {
    return sizes.isEmpty() ? 1 : sizes.getLast();
  }

  /** The number of rows of the tensor seen as a matrix of {@link #columns()} columns. */
  public int rows() {
    return elements() / columns();
  }

  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x", "[", "]"));
  }
}
