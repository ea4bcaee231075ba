package dev.elbo.device.reference;

import dev.elbo.graph.CholeskyFactor;
import dev.elbo.graph.LogDeterminant;
import java.util.List;

/** {@link CholeskyFactor}, {@link LogDeterminant} and their gradients. */
final class CovarianceLoops {
  private CovarianceLoops() {}

  static void factor(List<ReferenceBuffer> in, ReferenceBuffer l) {
    for (int i = 0; i < l.rows(); i++) {
      for (int j = 0; j < l.columns(); j++) {
        double below = j < i ? in.get(0).get(i, j) : 0;
        l.set(i, j, i == j ? Math.exp(in.get(1).get(i)) : below);
      }
    }
  }

  static void factorBackward(List<ReferenceBuffer> in, List<ReferenceBuffer> out) {
    ReferenceBuffer dl = in.get(0);
    for (int i = 0; i < dl.rows(); i++) {
      for (int j = 0; j < dl.columns(); j++) {
        out.get(0).set(i, j, j < i ? dl.get(i, j) : 0);
      }
      out.get(1).set(i, dl.get(i, i) * Math.exp(in.get(1).get(i)));
    }
  }

  static void logDeterminant(ReferenceBuffer a, ReferenceBuffer y) {
    double[][] l = cholesky(a);
    double sum = 0;
    for (int i = 0; i < l.length; i++) {
      sum += 2 * Math.log(l[i][i]);
    }
    y.set(0, sum);
  }

  /** dy·A⁻¹ column by column, from L·Lᵀ·x = e_j. */
  static void logDeterminantBackward(ReferenceBuffer a, ReferenceBuffer dy, ReferenceBuffer da) {
    double[][] l = cholesky(a);
    int n = l.length;
    for (int j = 0; j < n; j++) {
      double[] x = new double[n];
      for (int i = 0; i < n; i++) {
        double sum = i == j ? 1 : 0;
        for (int k = 0; k < i; k++) {
          sum -= l[i][k] * x[k];
        }
        x[i] = sum / l[i][i];
      }
      for (int i = n - 1; i >= 0; i--) {
        double sum = x[i];
        for (int k = i + 1; k < n; k++) {
          sum -= l[k][i] * x[k];
        }
        x[i] = sum / l[i][i];
        da.set(i, j, dy.get(0) * x[i]);
      }
    }
  }

  private static double[][] cholesky(ReferenceBuffer a) {
    int n = a.rows();
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = (a.get(i, j) + a.get(j, i)) / 2;
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }
}
