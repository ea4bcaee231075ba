package dev.elbo.tensor;

/**
 * A float32 tensor in host memory, row-major.
 *
 * <p>The array is shared, not copied: hot loops work on {@code float[]} directly.
 *
 * @param shape the sizes
 * @param values the elements, as many as the shape has
 */
@SuppressWarnings("ArrayRecordComponent") // identity semantics are what a buffer wants
public record Tensor(Shape shape, float[] values) {
  public Tensor {
    if (values.length != shape.elements()) {
      throw new IllegalArgumentException(
          "a tensor of shape "
              + shape
              + " needs "
              + shape.elements()
              + " values, got "
              + values.length);
    }
  }

  /** A tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    return new Tensor(shape, new float[shape.elements()]);
  }
}
