package dev.elbo.device.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Box-Muller lane by lane, in place: {@code r cos(theta)} and {@code r sin(theta)} of two words a
 * and b, with {@code r = sqrt(-2 ln((a + 1/2) 2^-32))} and {@code theta = 2 pi b 2^-32}.
 *
 * <p>The polynomials are minimax (Remez), their coefficients rounded to float32. Only correctly
 * rounded operations are used, so a lane's bits do not depend on the width of the vector.
 *
 * <p>No method here takes or returns a vector: past its node limit C2 inlines the Vector API alone,
 * and a vector that crosses any other call is boxed on the heap. Two passes keep below that limit.
 */
final class VectorNoiseBoxMuller {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final int SIGN = 0x80000000;
  private static final int MANTISSA = 0x007FFFFF;
  private static final int HALF = 0x3F000000;
  private static final int EXPONENT_OF_HALF = 126;
  private static final float MINUS_TWO_LN_2 = (float) (-2 * 0.6931471805599453);
  private static final float HALF_TURN = (float) (Math.PI * 0x1p-32);

  private VectorNoiseBoxMuller() {}

  /**
   * Replaces the words of the groups of {@link VectorNoiseWords} that hold {@code count} words by
   * the bits of their normals.
   */
  static void apply(int[] words, int count) {
    radii(words, count);
    turn(words, count);
  }

  /**
   * Replaces a by the radius r, negated where the angle of the next pass is half a turn off theta.
   *
   * <p>Converted as a signed number, a gives u below 1/2 and u - 1 above: near 1 the logarithm
   * needs u - 1 itself, which u in float32 has rounded away. Below 1/2, u = 2^e (1 + f); above, e =
   * 0 and f = u - 1; so f is in [-1/2, 0), where the polynomial -2 ln(1 + f) has a relative error
   * below 2e-7.
   */
  private static void radii(int[] words, int count) {
    for (int i = 0; i < count; i += 2 * LANES) {
      IntVector a = IntVector.fromArray(INTS, words, i);
      IntVector b = IntVector.fromArray(INTS, words, i + LANES);
      FloatVector v = ((FloatVector) a.convert(I2F, 0)).mul(0x1p-32f).add(0x1p-33f);
      VectorMask<Float> upper = v.compare(LT, 0f);
      IntVector bits = v.reinterpretAsInts();
      IntVector exponent = bits.lanewise(LSHR, 23).sub(EXPONENT_OF_HALF);
      FloatVector e = ((FloatVector) exponent.convert(I2F, 0)).blend(0f, upper);
      FloatVector m = bits.and(MANTISSA).or(HALF).reinterpretAsFloats();
      FloatVector f = m.sub(1f).blend(v, upper);
      FloatVector p = f.mul(2.369865f).add(2.1630838f);
      p = p.lanewise(FMA, f, 1.5708646f);
      p = p.lanewise(FMA, f, -0.07603525f);
      p = p.lanewise(FMA, f, 0.54450125f);
      p = p.lanewise(FMA, f, -0.66372526f);
      p = p.lanewise(FMA, f, 1.0000731f);
      p = p.lanewise(FMA, f, -1.9999998f);
      FloatVector r = e.mul(MINUS_TWO_LN_2).add(p.mul(f)).lanewise(SQRT);
      // Half a turn off in the second and third quadrants, where the top two bits of b differ.
      IntVector flip = b.lanewise(LSHL, 1).lanewise(XOR, b).and(SIGN);
      r.reinterpretAsInts().lanewise(XOR, flip).intoArray(words, i);
    }
  }

  /**
   * Replaces (r, b) by (r cos, r sin) of theta or theta plus half a turn, whichever is in [-pi/2,
   * pi/2). The polynomials' errors: sine 4e-9 relative, cosine 5e-8 absolute.
   */
  private static void turn(int[] words, int count) {
    for (int i = 0; i < count; i += 2 * LANES) {
      FloatVector r = IntVector.fromArray(INTS, words, i).reinterpretAsFloats();
      IntVector doubled = IntVector.fromArray(INTS, words, i + LANES).lanewise(LSHL, 1);
      FloatVector angle = ((FloatVector) doubled.convert(I2F, 0)).mul(HALF_TURN);
      FloatVector y = angle.mul(angle);
      FloatVector cosine = y.mul(2.3153932e-05f).add(-0.0013853704f);
      cosine = cosine.lanewise(FMA, y, 0.041663583f);
      cosine = cosine.lanewise(FMA, y, -0.49999905f);
      cosine = cosine.lanewise(FMA, y, 0.99999994f);
      FloatVector sine = y.mul(2.5905113e-06f).add(-0.00019800912f);
      sine = sine.lanewise(FMA, y, 0.0083329f);
      sine = sine.lanewise(FMA, y, -0.16666648f);
      sine = sine.lanewise(FMA, y, 1f);
      cosine.mul(r).reinterpretAsInts().intoArray(words, i);
      sine.mul(angle).mul(r).reinterpretAsInts().intoArray(words, i + LANES);
    }
  }
}
