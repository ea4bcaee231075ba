package dev.elbo.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over runs of floats, a vector at a time; the last, partial vector is masked, so that
 * nothing outside the run is written.
 *
 * <p>The target may be one of the sources.
 */
final class Lanes {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  private Lanes() {}

  /** How many lanes of a run are whole vectors. */
  static int whole(int count) {
    return count - count % LANES;
  }

  /** The lanes of a run that the vector beginning at {@code i} has. */
  static VectorMask<Float> tail(int i, int count) {
    return FLOATS.indexInRange(i, count);
  }

  /** A whole vector; the arrays have room behind their last run. */
  static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(FLOATS, from, at);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /** y = a + b. */
  static void add(float[] a, int a0, float[] b, int b0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      load(a, a0 + i).add(load(b, b0 + i)).intoArray(y, y0 + i);
    }
    if (whole < count) {
      load(a, a0 + whole).add(load(b, b0 + whole)).intoArray(y, y0 + whole, tail(whole, count));
    }
  }

  /** y = a·b. */
  static void multiply(float[] a, int a0, float[] b, int b0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      load(a, a0 + i).mul(load(b, b0 + i)).intoArray(y, y0 + i);
    }
    if (whole < count) {
      load(a, a0 + whole).mul(load(b, b0 + whole)).intoArray(y, y0 + whole, tail(whole, count));
    }
  }

  /** y = factor·x + term. */
  static void affine(float[] x, int x0, float factor, float term, float[] y, int y0, int count) {
    FloatVector f = broadcast(factor);
    FloatVector t = broadcast(term);
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      load(x, x0 + i).fma(f, t).intoArray(y, y0 + i);
    }
    if (whole < count) {
      load(x, x0 + whole).fma(f, t).intoArray(y, y0 + whole, tail(whole, count));
    }
  }

  /** y += factor·a·b. */
  static void addProduct(
      float factor, float[] a, int a0, float[] b, int b0, float[] y, int y0, int count) {
    FloatVector f = broadcast(factor);
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      load(a, a0 + i).mul(f).fma(load(b, b0 + i), load(y, y0 + i)).intoArray(y, y0 + i);
    }
    if (whole < count) {
      load(a, a0 + whole)
          .mul(f)
          .fma(load(b, b0 + whole), load(y, y0 + whole))
          .intoArray(y, y0 + whole, tail(whole, count));
    }
  }

  /** y = max(0, x). */
  static void relu(float[] x, int x0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      load(x, x0 + i).max(0f).intoArray(y, y0 + i);
    }
    if (whole < count) {
      load(x, x0 + whole).max(0f).intoArray(y, y0 + whole, tail(whole, count));
    }
  }

  /** dx = dy where x > 0, else 0. */
  static void reluBackward(float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      positive(load(x, x0 + i), load(dy, dy0 + i)).intoArray(dx, dx0 + i);
    }
    if (whole < count) {
      positive(load(x, x0 + whole), load(dy, dy0 + whole))
          .intoArray(dx, dx0 + whole, tail(whole, count));
    }
  }

  private static FloatVector positive(FloatVector x, FloatVector dy) {
    return dy.blend(0f, x.compare(VectorOperators.LE, 0f));
  }

  /** y = exp(factor·x). */
  static void exp(float[] x, int x0, float factor, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      VectorMath.exp(load(x, x0 + i).mul(factor)).intoArray(y, y0 + i);
    }
    if (whole < count) {
      VectorMath.exp(load(x, x0 + whole).mul(factor)).intoArray(y, y0 + whole, tail(whole, count));
    }
  }

  /** w = fma(sign·exp(logSigma), eps, mu), in place of eps. */
  static void sample(
      float[] mu,
      int mu0,
      float[] logSigma,
      int logSigma0,
      float sign,
      float[] eps,
      int eps0,
      int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      VectorMath.exp(load(logSigma, logSigma0 + i))
          .mul(sign)
          .fma(load(eps, eps0 + i), load(mu, mu0 + i))
          .intoArray(eps, eps0 + i);
    }
    if (whole < count) {
      VectorMath.exp(load(logSigma, logSigma0 + whole))
          .mul(sign)
          .fma(load(eps, eps0 + whole), load(mu, mu0 + whole))
          .intoArray(eps, eps0 + whole, tail(whole, count));
    }
  }

  /** d = sign·exp(logSigma)·eps, in place of eps. */
  static void perturbation(
      float[] logSigma, int logSigma0, float sign, float[] eps, int eps0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      VectorMath.exp(load(logSigma, logSigma0 + i))
          .mul(sign)
          .mul(load(eps, eps0 + i))
          .intoArray(eps, eps0 + i);
    }
    if (whole < count) {
      VectorMath.exp(load(logSigma, logSigma0 + whole))
          .mul(sign)
          .mul(load(eps, eps0 + whole))
          .intoArray(eps, eps0 + whole, tail(whole, count));
    }
  }

  /** x = sqrt(x). */
  static void sqrt(float[] x, int x0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      load(x, x0 + i).sqrt().intoArray(x, x0 + i);
    }
    if (whole < count) {
      load(x, x0 + whole).sqrt().intoArray(x, x0 + whole, tail(whole, count));
    }
  }

  /** dv = dy·sign·eps / (2 std), 0 where std is 0. */
  static void varianceGradient(
      float sign,
      float[] dy,
      int dy0,
      float[] eps,
      int eps0,
      float[] std,
      int std0,
      float[] dv,
      int dv0,
      int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector s = load(std, std0 + i);
      FloatVector d = load(dy, dy0 + i).mul(load(eps, eps0 + i)).mul(0.5f * sign).div(s);
      d.blend(0f, s.eq(0f)).intoArray(dv, dv0 + i, tail(i, count));
    }
  }
}
