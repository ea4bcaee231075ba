package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Loops over runs of floats, a vector at a time.
 *
 * <p>Those that say so write whole vectors: what follows the run in the target, which is then a
 * tile or scratch memory, is overwritten. The others end with single elements. Masks are not used:
 * where C2 does not remove the object of one, a run would allocate.
 *
 * <p>Vectors are loaded by the Vector API itself, here and in all loops of this package: past its
 * limits C2 inlines nothing else, and a method of our own that returns a vector makes an object of
 * it then.
 *
 * <p>The target may be one of the sources.
 */
final class Lanes {
  private static final int LANES = FLOATS.length();

  /**
   * Added to an optimizer's running averages each step: without gradients they would decay to
   * subnormal numbers, on which arithmetic takes a hundred times longer. To all that follows it is
   * nothing, and in an addition that is there anyway it costs nothing.
   */
  static final float TINY = 1e-30f;

  private Lanes() {}

  /** How many elements of a run are in whole vectors. */
  static int whole(int count) {
    return count - count % LANES;
  }

  /** The numbers, 0 where they are so small that products of them would be subnormal, and slow. */
  static FloatVector flush(FloatVector x) {
    return x.blend(0f, x.abs().compare(VectorOperators.LT, LogLikelihoodKernel.FLUSH));
  }

  /** y = a + b. */
  static void add(float[] a, int a0, float[] b, int b0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, a, a0 + i)
          .add(FloatVector.fromArray(FLOATS, b, b0 + i))
          .intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = a[a0 + i] + b[b0 + i];
    }
  }

  /** y = a·b. */
  static void multiply(float[] a, int a0, float[] b, int b0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, a, a0 + i)
          .mul(FloatVector.fromArray(FLOATS, b, b0 + i))
          .intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = a[a0 + i] * b[b0 + i];
    }
  }

  /** y = factor·x + term. */
  static void affine(float[] x, int x0, float factor, float term, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, x, x0 + i).fma(factor, term).intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = Math.fma(x[x0 + i], factor, term);
    }
  }

  /** y += factor·a·b. */
  static void addProduct(
      float factor, float[] a, int a0, float[] b, int b0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, a, a0 + i)
          .mul(factor)
          .fma(FloatVector.fromArray(FLOATS, b, b0 + i), FloatVector.fromArray(FLOATS, y, y0 + i))
          .intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = Math.fma(a[a0 + i] * factor, b[b0 + i], y[y0 + i]);
    }
  }

  /**
   * y = mean + std·eps of a panel, whose rows have an eps each, into a tile of {@link
   * ForwardResult}.
   */
  static void perturbed(
      float[] mean,
      int mean0,
      float[] std,
      int std0,
      float[] eps,
      int eps0,
      float[] y,
      int y0,
      int rows) {
    for (int r = 0; r < rows; r++) {
      float e = eps[eps0 + r];
      int from = r * Tiles.PANEL;
      int to = y0 + r * ForwardResult.STRIDE;
      for (int i = 0; i < Tiles.PANEL; i += LANES) {
        FloatVector.fromArray(FLOATS, std, std0 + from + i)
            .fma(
                FloatVector.broadcast(FLOATS, e),
                FloatVector.fromArray(FLOATS, mean, mean0 + from + i))
            .intoArray(y, to + i);
      }
    }
  }

  /** y = max(0, x). */
  static void relu(float[] x, int x0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, x, x0 + i).max(0f).intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = Math.max(0, x[x0 + i]);
    }
  }

  /** dx = dy where x > 0, else 0. */
  static void reluBackward(float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector slope = FloatVector.fromArray(FLOATS, dy, dy0 + i);
      slope
          .blend(0f, FloatVector.fromArray(FLOATS, x, x0 + i).compare(VectorOperators.LE, 0f))
          .intoArray(dx, dx0 + i);
    }
    for (int i = whole; i < count; i++) {
      dx[dx0 + i] = x[x0 + i] <= 0 ? 0 : dy[dy0 + i];
    }
  }

  /** y = sqrt(x). */
  static void sqrt(float[] x, int x0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, x, x0 + i).sqrt().intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = (float) Math.sqrt(x[x0 + i]);
    }
  }

  /** dx = dy / (2 sqrt(x)). */
  static void sqrtBackward(float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, dy, dy0 + i)
          .mul(0.5f)
          .div(FloatVector.fromArray(FLOATS, x, x0 + i).sqrt())
          .intoArray(dx, dx0 + i);
    }
    for (int i = whole; i < count; i++) {
      dx[dx0 + i] = dy[dy0 + i] * 0.5f / (float) Math.sqrt(x[x0 + i]);
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
    int whole = whole(count);
    float half = 0.5f * sign;
    for (int i = 0; i < whole; i += LANES) {
      FloatVector s = FloatVector.fromArray(FLOATS, std, std0 + i);
      FloatVector d =
          FloatVector.fromArray(FLOATS, dy, dy0 + i)
              .mul(FloatVector.fromArray(FLOATS, eps, eps0 + i))
              .mul(half)
              .div(s);
      d.blend(0f, s.eq(0f)).intoArray(dv, dv0 + i);
    }
    for (int i = whole; i < count; i++) {
      float s = std[std0 + i];
      dv[dv0 + i] = s == 0 ? 0 : dy[dy0 + i] * eps[eps0 + i] * half / s;
    }
  }

  /** y = exp(factor·x), in whole vectors. */
  static void exp(float[] x, int x0, float factor, float[] y, int y0, int count) {
    for (int i = 0; i < count; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(FLOATS, x, x0 + i).mul(factor)).intoArray(y, y0 + i);
    }
  }

  /** w = fma(sign·exp(logSigma), eps, mu), in whole vectors. */
  static void sample(
      float[] mu,
      int mu0,
      float[] logSigma,
      int logSigma0,
      float sign,
      float[] eps,
      int eps0,
      float[] w,
      int w0,
      int count) {
    for (int i = 0; i < count; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(FLOATS, logSigma, logSigma0 + i))
          .mul(sign)
          .fma(
              FloatVector.fromArray(FLOATS, eps, eps0 + i),
              FloatVector.fromArray(FLOATS, mu, mu0 + i))
          .intoArray(w, w0 + i);
    }
  }

  /** y += g·(w - mu). */
  static void addDeviation(
      float[] g, int g0, float[] w, int w0, float[] mu, int mu0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector deviation =
          FloatVector.fromArray(FLOATS, w, w0 + i).sub(FloatVector.fromArray(FLOATS, mu, mu0 + i));
      FloatVector.fromArray(FLOATS, g, g0 + i)
          .fma(deviation, FloatVector.fromArray(FLOATS, y, y0 + i))
          .intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] = Math.fma(g[g0 + i], w[w0 + i] - mu[mu0 + i], y[y0 + i]);
    }
  }

  /** y = factor·x·y. */
  static void multiplyBy(float factor, float[] x, int x0, float[] y, int y0, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector scaled = FloatVector.fromArray(FLOATS, x, x0 + i).mul(factor);
      FloatVector.fromArray(FLOATS, y, y0 + i).mul(scaled).intoArray(y, y0 + i);
    }
    for (int i = whole; i < count; i++) {
      y[y0 + i] *= factor * x[x0 + i];
    }
  }

  /** d = sign·exp(logSigma)·eps, in place of eps, in whole vectors. */
  static void perturbation(
      float[] logSigma, int logSigma0, float sign, float[] eps, int eps0, int count) {
    for (int i = 0; i < count; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(FLOATS, logSigma, logSigma0 + i))
          .mul(sign)
          .mul(FloatVector.fromArray(FLOATS, eps, eps0 + i))
          .intoArray(eps, eps0 + i);
    }
  }
}
