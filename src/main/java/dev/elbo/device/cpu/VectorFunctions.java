package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.elbo.graph.Function;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations and their derivatives on float vectors, to a few units in the last place of the
 * largest number that enters their sum. An element's bits do not depend on the width of vectors.
 *
 * <p>All write whole vectors: the targets have room behind the last element, and are no operands.
 *
 * <p>A loop takes one exponential and few methods of our own: past its limit of nodes C2 inlines
 * the Vector API alone, and a vector that crosses any other call becomes an object, which is 20
 * times slower.
 */
final class VectorFunctions {
  private static final int LANES = FLOATS.length();
  private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1f);
  private static final float SQRT_HALF = 0.707106781f;
  private static final float INVERSE_SQRT_2_PI = 0.39894228f;

  /** Below it tanh is a polynomial, where 1 - 2 / (e^2x + 1) would lose digits. */
  private static final float SMALL = 0.625f;

  private VectorFunctions() {}

  /** y = f(x) for the functions that take an exponential. */
  static void apply(Function f, float[] x, int x0, float[] y, int y0, int count) {
    switch (f) {
      case GELU -> gelu(x, x0, y, y0, count);
      case TANH -> tanh(x, x0, y, y0, count);
      case SOFTPLUS -> softplus(x, x0, y, y0, count);
      case SIGMOID -> sigmoid(x, x0, y, y0, count);
      case EXP -> Lanes.exp(x, x0, 1, y, y0, count);
      case RELU, SQUARE, SQRT -> throw new IllegalArgumentException(f + " takes no exponential");
    }
  }

  /** dx = f'(x) dy for the same functions. */
  static void backward(
      Function f, float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    switch (f) {
      case GELU -> geluBackward(x, x0, dy, dy0, dx, dx0, count);
      case TANH -> tanhBackward(x, x0, dy, dy0, dx, dx0, count);
      case SOFTPLUS -> softplusBackward(x, x0, dy, dy0, dx, dx0, count);
      case SIGMOID -> sigmoidBackward(x, x0, dy, dy0, dx, dx0, count);
      case EXP -> expBackward(x, x0, dy, dy0, dx, dx0, count);
      case RELU, SQUARE, SQRT -> throw new IllegalArgumentException(f + " takes no exponential");
    }
  }

  private static void gelu(float[] x, int x0, float[] y, int y0, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, x0 + i);
      v.mul(normalDistribution(v)).intoArray(y, y0 + i);
    }
  }

  private static void geluBackward(
      float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    for (int i = 0; i < count; i += LANES) {
      normalDistribution(FloatVector.fromArray(FLOATS, x, x0 + i)).intoArray(dx, dx0 + i);
    }
    addDensity(x, x0, dy, dy0, dx, dx0, count);
  }

  /** dx = (Phi(x) + x·Phi'(x)) dy, with Phi(x) in dx. */
  private static void addDensity(
      float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, x0 + i);
      FloatVector density = VectorMath.exp(v.mul(-0.5f).mul(v)).mul(INVERSE_SQRT_2_PI);
      FloatVector slope = density.fma(v, FloatVector.fromArray(FLOATS, dx, dx0 + i));
      slope.mul(FloatVector.fromArray(FLOATS, dy, dy0 + i)).intoArray(dx, dx0 + i);
    }
  }

  private static void tanh(float[] x, int x0, float[] y, int y0, int count) {
    for (int i = 0; i < count; i += LANES) {
      tanh(FloatVector.fromArray(FLOATS, x, x0 + i)).intoArray(y, y0 + i);
    }
  }

  private static void tanhBackward(
      float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    for (int i = 0; i < count; i += LANES) {
      // 1 - tanh² = 4 e / (1 + e)² with e = exp(-2|x|), without the difference
      FloatVector e = VectorMath.exp(FloatVector.fromArray(FLOATS, x, x0 + i).abs().mul(-2f));
      FloatVector inverse = ONE.div(e.add(1f));
      e.mul(4f)
          .mul(inverse)
          .mul(inverse)
          .mul(FloatVector.fromArray(FLOATS, dy, dy0 + i))
          .intoArray(dx, dx0 + i);
    }
  }

  private static void softplus(float[] x, int x0, float[] y, int y0, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, x0 + i);
      softplusTail(v).add(v.max(0f)).intoArray(y, y0 + i);
    }
  }

  private static void softplusBackward(
      float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector slope = sigmoid(FloatVector.fromArray(FLOATS, x, x0 + i));
      slope.mul(FloatVector.fromArray(FLOATS, dy, dy0 + i)).intoArray(dx, dx0 + i);
    }
  }

  private static void sigmoid(float[] x, int x0, float[] y, int y0, int count) {
    for (int i = 0; i < count; i += LANES) {
      sigmoid(FloatVector.fromArray(FLOATS, x, x0 + i)).intoArray(y, y0 + i);
    }
  }

  private static void sigmoidBackward(
      float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector e = VectorMath.exp(FloatVector.fromArray(FLOATS, x, x0 + i).abs().neg());
      FloatVector inverse = ONE.div(e.add(1f));
      e.mul(inverse)
          .mul(inverse)
          .mul(FloatVector.fromArray(FLOATS, dy, dy0 + i))
          .intoArray(dx, dx0 + i);
    }
  }

  private static void expBackward(
      float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector slope = VectorMath.exp(FloatVector.fromArray(FLOATS, x, x0 + i));
      slope.mul(FloatVector.fromArray(FLOATS, dy, dy0 + i)).intoArray(dx, dx0 + i);
    }
  }

  /** log(1 + e^-|x|), which softplus(x) = log(1 + e^x) is above max(x, 0). */
  static FloatVector softplusTail(FloatVector x) {
    return VectorMath.log1p(VectorMath.exp(x.abs().neg()));
  }

  /** 1 / (1 + e^-x), in both tails. */
  private static FloatVector sigmoid(FloatVector x) {
    FloatVector e = VectorMath.exp(x.abs().neg());
    FloatVector numerator = e.blend(1f, x.compare(VectorOperators.GE, 0f));
    return numerator.div(e.add(1f));
  }

  /** Source of the polynomial: S. L. Moshier, Cephes mathematical library, tanhf. */
  private static FloatVector tanh(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector p = square.lanewise(FMA, -5.70498872745e-3f, 2.06390887954e-2f);
    p = p.lanewise(FMA, square, -5.37397155531e-2f);
    p = p.lanewise(FMA, square, 1.33314422036e-1f);
    p = p.lanewise(FMA, square, -3.33332819422e-1f);
    FloatVector near = p.mul(square).fma(x, x);
    FloatVector e = VectorMath.exp(x.abs().mul(2f)).add(1f);
    FloatVector positive = ONE.div(e).mul(-2f).add(1f);
    VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
    FloatVector far = positive.blend(positive.neg(), negative);
    return far.blend(near, x.abs().compare(VectorOperators.LT, SMALL));
  }

  /**
   * Phi(x), with all digits in the left tail. With z = |x| / sqrt(2) and t = 1 / (1 + z/2) the tail
   * is erfc(z)/2 = t exp(-z² + p(t)) / 2; p is a Chebyshev fit of degree 9 made for this class, its
   * largest relative error 2.4e-7.
   */
  static FloatVector normalDistribution(FloatVector x) {
    FloatVector z = x.abs().mul(SQRT_HALF);
    FloatVector t = ONE.div(z.lanewise(FMA, 0.5f, 1f));
    FloatVector p = t.lanewise(FMA, 0.165509894f, -0.791463077f);
    p = p.lanewise(FMA, t, 1.413203120f);
    p = p.lanewise(FMA, t, -1.031657457f);
    p = p.lanewise(FMA, t, 0.191462293f);
    p = p.lanewise(FMA, t, -0.139631480f);
    p = p.lanewise(FMA, t, 0.081164606f);
    p = p.lanewise(FMA, t, 0.377223402f);
    p = p.lanewise(FMA, t, 0.999686360f);
    p = p.lanewise(FMA, t, -1.265497565f);
    FloatVector exponent = x.mul(-0.5f).fma(x, p);
    FloatVector tail = VectorMath.exp(exponent).mul(t).mul(0.5f);
    return tail.blend(tail.neg().add(1f), x.compare(VectorOperators.GT, 0f));
  }
}
