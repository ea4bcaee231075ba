package dev.elbo.device.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponential and logarithm of float vectors, to 2 units in the last place.
 *
 * <p>Source of both polynomials: S. L. Moshier, Cephes mathematical library, expf and logf.
 */
final class VectorMath {
  /** Adding and subtracting 1.5·2^23 rounds to a whole number. */
  private static final float ROUND = 12582912f;

  private static final float LOG2_E = 1.44269504f;
  private static final float LN_2_HIGH = 0.693359375f;
  private static final float LN_2_LOW = -2.12194440e-4f;
  private static final float LARGEST_EXPONENT = 88.722835f;
  private static final float SMALLEST_EXPONENT = -87.33654f;
  private static final float SQRT_HALF = 0.707106781f;
  private static final int MANTISSA_BITS = 23;
  private static final int MANTISSA = 0x007FFFFF;
  private static final int EXPONENT_OF_HALF = 126;
  private static final int HALF = 0x3F000000;

  private VectorMath() {}

  /** e^x; 0 where the result would be subnormal, infinite where it is above the floats. */
  static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.mul(LOG2_E).add(ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector f = n.lanewise(FMA, -LN_2_HIGH, x);
    f = n.lanewise(FMA, -LN_2_LOW, f);
    FloatVector p = f.lanewise(FMA, 1.9875691500e-4f, 1.3981999507e-3f);
    p = p.lanewise(FMA, f, 8.3334519073e-3f);
    p = p.lanewise(FMA, f, 4.1665795894e-2f);
    p = p.lanewise(FMA, f, 1.6666665459e-1f);
    p = p.lanewise(FMA, f, 5.0000001201e-1f);
    p = p.fma(f.mul(f), f).add(1f);
    FloatVector y = p.reinterpretAsInts().add(exponent(shifted)).reinterpretAsFloats();
    y = y.blend(0f, x.compare(VectorOperators.LT, SMALLEST_EXPONENT));
    return y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, LARGEST_EXPONENT));
  }

  /**
   * 2^x for x in -126..126, to 2 units in the last place. The polynomial is a minimax fit made for
   * this class, its largest relative error 1e-7.
   */
  static FloatVector exp2(FloatVector x) {
    FloatVector shifted = x.add(ROUND);
    FloatVector f = x.sub(shifted.sub(ROUND));
    FloatVector p = f.lanewise(FMA, 1.3264727e-3f, 9.6715130e-3f);
    p = p.lanewise(FMA, f, 5.5507336e-2f);
    p = p.lanewise(FMA, f, 0.24022242f);
    p = p.lanewise(FMA, f, 0.69314700f);
    p = p.lanewise(FMA, f, 1f);
    return p.reinterpretAsInts().add(exponent(shifted)).reinterpretAsFloats();
  }

  /** n in the place of a float's exponent, from 1.5·2^23 + n, whose last bits are those of n. */
  private static IntVector exponent(FloatVector shifted) {
    return shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
  }

  /** The natural logarithm of normal positive numbers; not a number for negative ones. */
  static FloatVector log(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector exponent = bits.lanewise(VectorOperators.LSHR, MANTISSA_BITS).sub(EXPONENT_OF_HALF);
    FloatVector e = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
    FloatVector m = bits.and(MANTISSA).or(HALF).reinterpretAsFloats();
    VectorMask<Float> low = m.compare(VectorOperators.LT, SQRT_HALF);
    e = e.sub(1f, low);
    FloatVector f = m.add(m, low).sub(1f);
    FloatVector p = f.lanewise(FMA, 7.0376836292e-2f, -1.1514610310e-1f);
    p = p.lanewise(FMA, f, 1.1676998740e-1f);
    p = p.lanewise(FMA, f, -1.2420140846e-1f);
    p = p.lanewise(FMA, f, 1.4249322787e-1f);
    p = p.lanewise(FMA, f, -1.6668057665e-1f);
    p = p.lanewise(FMA, f, 2.0000714765e-1f);
    p = p.lanewise(FMA, f, -2.4999993993e-1f);
    p = p.lanewise(FMA, f, 3.3333331174e-1f);
    FloatVector square = f.mul(f);
    FloatVector y = p.mul(f).mul(square);
    y = e.lanewise(FMA, LN_2_LOW, y);
    y = square.lanewise(FMA, -0.5f, y).add(f);
    y = e.lanewise(FMA, LN_2_HIGH, y);
    // Not a number and infinity stay what they are.
    y = y.blend(x, x.compare(VectorOperators.GE, Float.POSITIVE_INFINITY));
    return y.blend(Float.NaN, x.compare(VectorOperators.GE, 0f).not());
  }

  /**
   * log(1 + x) for x in 0..1, to 2 units in the last place: 2 artanh(s) with s = x / (2 + x). The
   * polynomial of s² is a minimax fit made for this class, its largest relative error 4e-9.
   */
  static FloatVector log1p(FloatVector x) {
    FloatVector s = x.div(x.add(2f));
    FloatVector u = s.mul(s);
    FloatVector p = u.lanewise(FMA, 0.140891671f, 0.139803007f);
    p = p.lanewise(FMA, u, 0.200124547f);
    p = p.lanewise(FMA, u, 0.333331585f);
    p = p.lanewise(FMA, u, 1f);
    return p.mul(s.add(s));
  }
}
