package dev.elbo.inference;

import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.layer.Hierarchy;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;
import dev.elbo.layer.Stochastic;
import java.util.List;
import java.util.Map;

/**
 * Autoencoders of three columns whose latent variables, decoders and noise are linear and Gaussian,
 * so that evidence and posterior have a closed form (Bishop 2006, section 12.2.1); the posterior
 * lies within q.
 *
 * @param parameters the model, and the q that is its exact posterior
 * @param logEvidence log p(x) of each row of {@link #X}
 */
record LinearLatents(Network network, Map<String, double[]> parameters, double[] logEvidence) {
  private static final int INPUTS = 3;
  private static final double NOISE = 0.6;
  private static final double VARIANCE = NOISE * NOISE;
  private static final double[] OFFSET = {0.2, -0.4, 0.1};

  /** The examples. */
  static final double[] X = {0.5, -1, 2, -0.3, 0.4, 0.1, 1.5, 1.2, -0.7, -2, 0.3, 0.9};

  /** p(z) = Normal(0, 1) in two dimensions, p(x | z) = Normal(W z + b, noise²). */
  static LinearLatents oneLayer() {
    // Orthogonal columns, so that the posterior is diagonal.
    double[][] columns = {{0.8, 0.6, -0.2}, {-0.3, 0.5, 0.3}};
    double[] qWeight = new double[4 * INPUTS];
    double[] qBias = new double[4];
    double[] weight = new double[INPUTS * 2];
    double[] logEvidence = standardLogDensities();
    for (int d = 0; d < 2; d++) {
      double[] w = columns[d];
      double precision = 1 + dot(w, w, 0) / VARIANCE;
      for (int i = 0; i < INPUTS; i++) {
        qWeight[d * INPUTS + i] = w[i] / VARIANCE / precision;
        weight[i * 2 + d] = w[i];
      }
      qBias[d] = -dot(w, OFFSET, 0) / VARIANCE / precision;
      qBias[2 + d] = -0.5 * Math.log(precision);
      addDirection(logEvidence, w, 0, 1);
    }
    Network network = network(new Stochastic(2));
    Map<String, double[]> parameters =
        Map.of(
            "0.q.weight", qWeight, "0.q.bias", qBias, "1.weight", weight, "1.bias", OFFSET.clone());
    return new LinearLatents(network, parameters, logEvidence);
  }

  /**
   * p(z2) = Normal(0, 1), p(z1 | z2) = Normal(a z2 + c, s²), p(x | z1) = Normal(w z1 + b, noise²).
   */
  static LinearLatents twoLayers() {
    double a = 1.3;
    double c = -0.4;
    double own = 0.5;
    double[] w = {0.8, 0.6, -0.2};
    double size = dot(w, w, 0);
    // x tells of z1 what u = w·(x - b) / |w|² = z1 + Normal(0, error) does.
    double error = VARIANCE / size;
    double spread = own * own + error;
    double topPrecision = 1 + a * a / spread;
    double slope = a / spread / topPrecision;
    double precision = 1 / (own * own) + 1 / error;
    double[] top = new double[2 * INPUTS];
    double[] below = new double[2 * (INPUTS + 1)];
    for (int i = 0; i < INPUTS; i++) {
      top[i] = slope * w[i] / size;
      below[i] = w[i] / size / error / precision;
    }
    below[INPUTS] = a / (own * own) / precision;
    double at = dot(w, OFFSET, 0) / size;
    double[] topBias = {-slope * (at + c), -0.5 * Math.log(topPrecision)};
    double[] belowBias = {(c / (own * own) - at / error) / precision, -0.5 * Math.log(precision)};
    double[] logEvidence = standardLogDensities();
    addDirection(logEvidence, w, c, a * a + own * own);
    Layer same = new Layer.Identity();
    Hierarchy.Level level = new Hierarchy.Level(same, 1, same, same);
    Map<String, double[]> parameters =
        Map.of(
            "0.q.1.weight", top,
            "0.q.1.bias", topBias,
            "0.q.0.weight", below,
            "0.q.0.bias", belowBias,
            "0.p.0.weight", new double[] {a, 0},
            "0.p.0.bias", new double[] {c, Math.log(own)},
            "1.weight", w,
            "1.bias", OFFSET.clone());
    return new LinearLatents(
        network(new Hierarchy(List.of(level, level))), parameters, logEvidence);
  }

  private static Network network(Layer latent) {
    return new Network(
        INPUTS,
        new Layer.Sequential(List.of(latent, new Linear(INPUTS))),
        new Likelihood.GaussianKnown(INPUTS, NOISE),
        new Prior.Gaussian(1),
        new Observations.Unlabelled());
  }

  /** Of Normal(b, noise²), the evidence without latent variables. */
  private static double[] standardLogDensities() {
    double[] result = new double[X.length / INPUTS];
    for (int n = 0; n < result.length; n++) {
      for (int i = 0; i < INPUTS; i++) {
        double e = X[n * INPUTS + i] - OFFSET[i];
        result[n] -= 0.5 * (e * e / VARIANCE + Math.log(2 * Math.PI * VARIANCE));
      }
    }
    return result;
  }

  /** What w·z with z ~ Normal(mean, variance) changes, w being orthogonal to all others. */
  private static void addDirection(double[] logEvidence, double[] w, double mean, double variance) {
    double size = dot(w, w, 0);
    double total = VARIANCE + size * variance;
    for (int n = 0; n < logEvidence.length; n++) {
      double along = (dot(w, X, n * INPUTS) - dot(w, OFFSET, 0)) / Math.sqrt(size);
      double off = along - mean * Math.sqrt(size);
      logEvidence[n] -= 0.5 * (off * off / total - along * along / VARIANCE);
      logEvidence[n] -= 0.5 * Math.log(total / VARIANCE);
    }
  }

  private static double dot(double[] a, double[] b, int from) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[from + i];
    }
    return sum;
  }

  /** log p(x), averaged over the examples. */
  double meanLogEvidence() {
    double sum = 0;
    for (double value : logEvidence) {
      sum += value;
    }
    return sum / logEvidence.length;
  }

  /** E[W z + b] under the prior. */
  double[] meanOfLocation() {
    double[] mean = OFFSET.clone();
    if (parameters.containsKey("0.p.0.bias")) {
      double[] w = parameters.get("1.weight");
      for (int i = 0; i < INPUTS; i++) {
        mean[i] += w[i] * parameters.get("0.p.0.bias")[0];
      }
    }
    return mean;
  }

  /** The covariance of W z + b under the prior. */
  double[][] covarianceOfLocation() {
    double[] w = parameters.get("1.weight");
    int dimensions = w.length / INPUTS;
    double variance = 1;
    if (parameters.containsKey("0.p.0.bias")) {
      double slope = parameters.get("0.p.0.weight")[0];
      variance = slope * slope + Math.exp(2 * parameters.get("0.p.0.bias")[1]);
    }
    double[][] covariance = new double[INPUTS][INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        for (int d = 0; d < dimensions; d++) {
          covariance[i][j] += variance * w[i * dimensions + d] * w[j * dimensions + d];
        }
      }
    }
    return covariance;
  }

  /** The loss at the model's parameters, with means and log_sigmas of q greater by so much. */
  LatentLoss loss(Objective objective, double off) {
    LatentLoss loss = new LatentLoss(network, objective, X);
    loss.parameters()
        .forEach(
            (name, values) -> {
              double[] exact = parameters.get(name);
              for (int i = 0; i < values.length; i++) {
                values[i] = exact[i] + (isOfQ(name) && name.endsWith("bias") ? off : 0);
              }
            });
    return loss;
  }

  /** Whether a parameter is of q, not of the model. */
  static boolean isOfQ(String parameter) {
    return parameter.startsWith("0.q.");
  }
}
