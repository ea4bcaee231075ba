package dev.elbo.device.cuda;

/**
 * What a card can do at most, a second: what plans and floors of training steps reckon with.
 *
 * @param copy bytes read plus bytes written by a large copy
 * @param bf16 floating-point operations of a large bf16 matrix product
 * @param f32 the same in float32
 * @param normals standard normals drawn in the fastest form and not stored
 * @param multiprocessors that blocks are spread over
 */
public record CardRates(double copy, double bf16, double f32, double normals, int multiprocessors) {
  /**
   * An H200: copy and bf16 as measured on such a card, float32 by its datasheet, normals by the
   * special-function unit at 16 lanes a clock and multiprocessor, which Box-Muller keeps busy for
   * two results each.
   */
  public static final CardRates H200 = new CardRates(4.3e12, 790e12, 67e12, 132 * 1.755e9 * 8, 132);

  /** Operations of matrix products with such operands. */
  public double products(Precision precision) {
    return precision == Precision.BF16 ? bf16 : f32;
  }
}
