package dev.elbo.inference;

import dev.elbo.device.Buffer;
import dev.elbo.distribution.Covariance;
import java.util.Map;

/**
 * The Gaussian of a trained layer with correlations, as a mean and a matrix in double precision.
 */
public record DenseGaussian(double[] mean, double[][] covariance) {

  /**
   * Reads the parameters of the layer "0" of N units and K inputs; weights are in the order of rows
   * [N, K + 1], the bias of a unit being its last.
   */
  public static DenseGaussian of(
      Covariance kind, Map<String, Buffer> parameters, int units, int inputs) {
    double[] weight = values(parameters, "weight.mean");
    double[] bias = values(parameters, "bias.mean");
    int columns = inputs + 1;
    double[] mean = new double[units * columns];
    for (int o = 0; o < units; o++) {
      System.arraycopy(weight, o * inputs, mean, o * columns, inputs);
      mean[o * columns + inputs] = bias[o];
    }
    double[][] covariance =
        switch (kind) {
          case Covariance.Full full -> square(factor(parameters, "cholesky", "log_diagonal"));
          case Covariance.LowRank low -> lowRank(parameters, low.rank(), mean.length);
          case Covariance.Kronecker kronecker ->
              kronecker(
                  square(factor(parameters, "rows.cholesky", "rows.log_diagonal")),
                  square(factor(parameters, "columns.cholesky", "columns.log_diagonal")));
        };
    return new DenseGaussian(mean, covariance);
  }

  /** Reads the parameters of a mean-field layer "0". */
  public static DenseGaussian meanField(Map<String, Buffer> parameters, int units, int inputs) {
    double[] weight = values(parameters, "weight.mu");
    double[] bias = values(parameters, "bias.mu");
    double[] ofWeight = values(parameters, "weight.log_sigma");
    double[] ofBias = values(parameters, "bias.log_sigma");
    int d = units * (inputs + 1);
    double[] mean = new double[d];
    double[][] covariance = new double[d][d];
    for (int i = 0; i < d; i++) {
      int unit = i / (inputs + 1);
      int input = i % (inputs + 1);
      boolean last = input == inputs;
      mean[i] = last ? bias[unit] : weight[unit * inputs + input];
      double logSigma = last ? ofBias[unit] : ofWeight[unit * inputs + input];
      covariance[i][i] = Math.exp(2 * logSigma);
    }
    return new DenseGaussian(mean, covariance);
  }

  /** The inverse of a symmetric positive definite matrix, by Gauss and Jordan. */
  public static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][2 * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix[i], 0, a[i], 0, n);
      a[i][n + i] = 1;
    }
    for (int k = 0; k < n; k++) {
      double pivot = a[k][k];
      for (int j = 0; j < 2 * n; j++) {
        a[k][j] /= pivot;
      }
      for (int i = 0; i < n; i++) {
        double factor = a[i][k];
        for (int j = 0; i != k && j < 2 * n; j++) {
          a[i][j] -= factor * a[k][j];
        }
      }
    }
    double[][] inverse = new double[n][n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(a[i], n, inverse[i], 0, n);
    }
    return inverse;
  }

  private static double[][] lowRank(Map<String, Buffer> parameters, int rank, int d) {
    double[] logSigma = values(parameters, "log_sigma");
    double[] v = values(parameters, "factor");
    double[][] c = new double[d][d];
    for (int i = 0; i < d; i++) {
      c[i][i] = Math.exp(2 * logSigma[i]);
      for (int j = 0; j < d; j++) {
        for (int r = 0; r < rank; r++) {
          c[i][j] += v[r * d + i] * v[r * d + j];
        }
      }
    }
    return c;
  }

  private static double[][] factor(Map<String, Buffer> parameters, String name, String diagonal) {
    double[] below = values(parameters, name);
    double[] logs = values(parameters, diagonal);
    double[][] l = new double[logs.length][logs.length];
    for (int i = 0; i < logs.length; i++) {
      for (int j = 0; j < i; j++) {
        l[i][j] = below[i * logs.length + j];
      }
      l[i][i] = Math.exp(logs[i]);
    }
    return l;
  }

  private static double[][] square(double[][] l) {
    double[][] c = new double[l.length][l.length];
    for (int i = 0; i < l.length; i++) {
      for (int j = 0; j < l.length; j++) {
        for (int k = 0; k < l.length; k++) {
          c[i][j] += l[i][k] * l[j][k];
        }
      }
    }
    return c;
  }

  private static double[][] kronecker(double[][] a, double[][] b) {
    int n = b.length;
    double[][] c = new double[a.length * n][a.length * n];
    for (int i = 0; i < c.length; i++) {
      for (int j = 0; j < c.length; j++) {
        c[i][j] = a[i / n][j / n] * b[i % n][j % n];
      }
    }
    return c;
  }

  private static double[] values(Map<String, Buffer> parameters, String name) {
    Buffer buffer = parameters.get("0." + name);
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** KL(this || Normal(0, scale²)). */
  public double klToPrior(double scale) {
    double[][] precision = new double[mean.length][mean.length];
    for (int i = 0; i < mean.length; i++) {
      precision[i][i] = 1 / (scale * scale);
    }
    return kl(new double[mean.length], precision);
  }

  /** KL(this || Normal(m, precision⁻¹)). */
  public double kl(double[] m, double[][] precision) {
    int d = mean.length;
    double sum = -0.5 * d - 0.5 * logDeterminant(covariance) - 0.5 * logDeterminant(precision);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double square = covariance[i][j] + (mean[i] - m[i]) * (mean[j] - m[j]);
        sum += 0.5 * precision[i][j] * square;
      }
    }
    return sum;
  }

  private static double logDeterminant(double[][] a) {
    int n = a.length;
    double[][] l = new double[n][n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = a[i][j];
        for (int k = 0; k < j; k++) {
          rest -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(rest) : rest / l[j][j];
      }
      sum += 2 * Math.log(l[i][i]);
    }
    return sum;
  }
}
