package dev.elbo.inference;

import java.util.Random;

/**
 * Bayesian linear regression with known noise, where all is known in closed form (Bishop 2006,
 * sections 3.3 and 10.1.2): y = X w + Normal(0, noise²), w ~ Normal(0, prior²), the last column of
 * X being 1 for the bias.
 */
public final class LinearGaussian {
  public final double[][] x;
  public final double[] y;
  public final double noise;
  public final double prior;
  public final double[][] precision;
  public final double[] mean;

  public LinearGaussian(double[][] x, double[] y, double noise, double prior) {
    this.x = x;
    this.y = y;
    this.noise = noise;
    this.prior = prior;
    int d = weights();
    precision = new double[d][d];
    double[] moment = new double[d];
    for (int n = 0; n < y.length; n++) {
      for (int i = 0; i < d; i++) {
        moment[i] += x[n][i] * y[n] / (noise * noise);
        for (int j = 0; j < d; j++) {
          precision[i][j] += x[n][i] * x[n][j] / (noise * noise);
        }
      }
    }
    for (int i = 0; i < d; i++) {
      precision[i][i] += 1 / (prior * prior);
    }
    mean = solve(precision, moment);
  }

  /** Features with the given correlation between neighbours, and a bias. */
  public static LinearGaussian simulated(
      int examples, int features, double correlation, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[examples][features + 1];
    double[] y = new double[examples];
    double[] w = random.doubles(features + 1, -1, 1).toArray();
    double noise = 0.5;
    for (int n = 0; n < examples; n++) {
      for (int i = 0; i < features; i++) {
        // In float32, as a device sees them.
        double own = Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
        x[n][i] = (float) (own + (i == 0 ? 0 : correlation * x[n][i - 1]));
        y[n] += w[i] * x[n][i];
      }
      x[n][features] = 1;
      y[n] = (float) (y[n] + w[features] + noise * random.nextGaussian());
    }
    return new LinearGaussian(x, y, noise, 1);
  }

  public int weights() {
    return x[0].length;
  }

  /** The variance of each weight under the best mean-field Gaussian: 1 / diag(precision). */
  public double meanFieldVariance(int weight) {
    return 1 / precision[weight][weight];
  }

  /** log p(y | X), by the chain log p(y, w) - log p(w | y) at the posterior mean. */
  public double logEvidence() {
    double logJoint = logLikelihood(mean);
    for (double w : mean) {
      logJoint += -0.5 * Math.log(2 * Math.PI * prior * prior) - w * w / (2 * prior * prior);
    }
    double logPosterior = 0.5 * logDeterminant() - 0.5 * weights() * Math.log(2 * Math.PI);
    return logJoint - logPosterior;
  }

  public double logLikelihood(double[] w) {
    double sum = 0;
    for (int n = 0; n < y.length; n++) {
      double error = y[n] - dot(x[n], w);
      sum += -0.5 * Math.log(2 * Math.PI * noise * noise) - error * error / (2 * noise * noise);
    }
    return sum;
  }

  /** E_q[log p(y | X, w)] for q = Normal(mu, diag(variance)). */
  public double expectedLogLikelihood(double[] mu, double[] variance) {
    double sum = logLikelihood(mu);
    for (double[] row : x) {
      for (int i = 0; i < variance.length; i++) {
        sum -= row[i] * row[i] * variance[i] / (2 * noise * noise);
      }
    }
    return sum;
  }

  /** KL(q || p(w | y)) for q = Normal(mu, diag(variance)). */
  public double klToPosterior(double[] mu, double[] variance) {
    double sum = -0.5 * logDeterminant() - 0.5 * mu.length;
    for (int i = 0; i < mu.length; i++) {
      sum += 0.5 * precision[i][i] * variance[i] - 0.5 * Math.log(variance[i]);
      for (int j = 0; j < mu.length; j++) {
        sum += 0.5 * (mu[i] - mean[i]) * precision[i][j] * (mu[j] - mean[j]);
      }
    }
    return sum;
  }

  /** d/dmu_i and d/dlog_sigma_i of E_q[-log p(y | X, w)] / N: two rows. */
  public double[][] nllGradients(double[] mu, double[] variance) {
    double[][] gradient = new double[2][mu.length];
    double scale = 1 / (noise * noise * y.length);
    for (int n = 0; n < y.length; n++) {
      double error = dot(x[n], mu) - y[n];
      for (int i = 0; i < mu.length; i++) {
        gradient[0][i] += scale * error * x[n][i];
        gradient[1][i] += scale * x[n][i] * x[n][i] * variance[i];
      }
    }
    return gradient;
  }

  private double logDeterminant() {
    double[][] l = cholesky(precision);
    double sum = 0;
    for (int i = 0; i < l.length; i++) {
      sum += 2 * Math.log(l[i][i]);
    }
    return sum;
  }

  private static double[] solve(double[][] a, double[] b) {
    double[][] l = cholesky(a);
    double[] z = b.clone();
    for (int i = 0; i < z.length; i++) {
      for (int j = 0; j < i; j++) {
        z[i] -= l[i][j] * z[j];
      }
      z[i] /= l[i][i];
    }
    for (int i = z.length - 1; i >= 0; i--) {
      for (int j = i + 1; j < z.length; j++) {
        z[i] -= l[j][i] * z[j];
      }
      z[i] /= l[i][i];
    }
    return z;
  }

  private static double[][] cholesky(double[][] a) {
    double[][] l = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
