package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Buffer;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The network that is Bayesian linear regression, and its q as plain arrays with the bias last. */
final class LinearModels {
  private LinearModels() {}

  static Model model(LinearGaussian problem) {
    Network network =
        Mlp.variational(
            problem.weights() - 1,
            List.of(),
            Function.RELU,
            new Likelihood.GaussianKnown(1, problem.noise),
            new Prior.Gaussian(problem.prior),
            new GaussianPosterior(-2));
    return new Model(network, identity(network.inputs()));
  }

  /** Units that change nothing. */
  static Normalization identity(int inputs) {
    float[] ones = new float[inputs];
    Arrays.fill(ones, 1);
    return new Normalization(new Standardization(new float[inputs], ones), Optional.empty());
  }

  static Examples examples(LinearGaussian problem) {
    int features = problem.weights() - 1;
    float[] inputs = new float[problem.y.length * features];
    float[] targets = new float[problem.y.length];
    for (int n = 0; n < targets.length; n++) {
      for (int i = 0; i < features; i++) {
        inputs[n * features + i] = (float) problem.x[n][i];
      }
      targets[n] = (float) problem.y[n];
    }
    return new Examples(features, inputs, targets);
  }

  static double[] mu(Map<String, Buffer> buffers) {
    return joined(buffers, "mu");
  }

  static double[] variance(Map<String, Buffer> buffers) {
    return Arrays.stream(joined(buffers, "log_sigma")).map(s -> Math.exp(2 * s)).toArray();
  }

  static double[] joined(Map<String, Buffer> buffers, String part) {
    float[] weight = values(buffers.get("0.weight." + part));
    float[] bias = values(buffers.get("0.bias." + part));
    double[] all = new double[weight.length + 1];
    for (int i = 0; i < weight.length; i++) {
      all[i] = weight[i];
    }
    all[weight.length] = bias[0];
    return all;
  }

  private static float[] values(Buffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    return values;
  }
}
