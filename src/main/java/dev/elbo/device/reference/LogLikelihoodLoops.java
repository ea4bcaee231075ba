package dev.elbo.device.reference;

import dev.elbo.device.SpecialFunctions;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.LogLikelihood.Bernoulli;
import dev.elbo.graph.LogLikelihood.Categorical;
import dev.elbo.graph.LogLikelihood.Gaussian;
import dev.elbo.graph.LogLikelihood.Poisson;
import dev.elbo.graph.LogLikelihood.StudentT;
import java.util.List;

/** {@link LogLikelihood} and its gradients. */
final class LogLikelihoodLoops {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private LogLikelihoodLoops() {}

  static void forward(LogLikelihood op, List<ReferenceBuffer> in, ReferenceBuffer y) {
    ReferenceBuffer outputs = in.getFirst();
    ReferenceBuffer targets = in.getLast();
    for (int row = 0; row < outputs.rows(); row++) {
      int example = row % targets.rows();
      double sum = 0;
      if (op instanceof Categorical) {
        sum = logProbabilities(outputs, row)[(int) targets.get(example)];
      } else {
        for (int d = 0; d < outputs.columns(); d++) {
          double logScale = op.parameters() == 2 ? logScale(in, row, d) : 0;
          sum += term(op, outputs.get(row, d), logScale, targets.get(example, d));
        }
      }
      y.set(row, sum);
    }
  }

  /** Inputs (upstream, then those of the likelihood), results the gradients of all but targets. */
  static void backward(LogLikelihood op, List<ReferenceBuffer> in, List<ReferenceBuffer> out) {
    ReferenceBuffer upstream = in.getFirst();
    List<ReferenceBuffer> forward = in.subList(1, in.size());
    ReferenceBuffer outputs = forward.getFirst();
    ReferenceBuffer targets = forward.getLast();
    out.forEach(gradient -> gradient.fill(0));
    for (int row = 0; row < outputs.rows(); row++) {
      int example = row % targets.rows();
      if (op instanceof Categorical) {
        categorical(outputs, row, (int) targets.get(example), upstream.get(row), out.getFirst());
      } else {
        for (int d = 0; d < outputs.columns(); d++) {
          double logScale = op.parameters() == 2 ? logScale(forward, row, d) : 0;
          Slope slope = slope(op, outputs.get(row, d), logScale, targets.get(example, d));
          out.getFirst().set(row, d, upstream.get(row) * slope.output);
          if (op.parameters() == 2) {
            int group = row / (outputs.rows() / out.get(1).rows());
            out.get(1).add(group, d, upstream.get(row) * slope.logScale);
          }
        }
      }
    }
  }

  /** The log-density of one target, for the likelihoods that are sums over the columns. */
  private static double term(LogLikelihood op, double output, double logScale, double y) {
    return switch (op) {
      case Categorical categorical -> throw new IllegalArgumentException("not a sum over columns");
      case Bernoulli bernoulli -> y * output - ElementwiseLoops.softplus(output);
      case Gaussian gaussian -> {
        double z = (y - output) * Math.exp(-logScale);
        yield -0.5 * z * z - logScale - HALF_LOG_TWO_PI;
      }
      case StudentT t -> {
        double nu = t.degreesOfFreedom();
        double z = (y - output) * Math.exp(-logScale);
        yield SpecialFunctions.logGamma((nu + 1) / 2)
            - SpecialFunctions.logGamma(nu / 2)
            - 0.5 * Math.log(nu * Math.PI)
            - logScale
            - (nu + 1) / 2 * Math.log1p(z * z / nu);
      }
      case Poisson poisson -> y * output - Math.exp(output) - SpecialFunctions.logGamma(y + 1);
    };
  }

  /** The derivatives of a term with respect to the network's output and to log_scale. */
  private record Slope(double output, double logScale) {}

  private static Slope slope(LogLikelihood op, double output, double logScale, double y) {
    return switch (op) {
      case Categorical categorical -> throw new IllegalArgumentException("not a sum over columns");
      case Bernoulli bernoulli -> new Slope(y - ElementwiseLoops.sigmoid(output), 0);
      case Gaussian gaussian -> {
        double inverse = Math.exp(-logScale);
        double z = (y - output) * inverse;
        yield new Slope(z * inverse, z * z - 1);
      }
      case StudentT t -> {
        double inverse = Math.exp(-logScale);
        double z = (y - output) * inverse;
        double weight = (t.degreesOfFreedom() + 1) / (t.degreesOfFreedom() + z * z);
        yield new Slope(weight * z * inverse, weight * z * z - 1);
      }
      case Poisson poisson -> new Slope(y - Math.exp(output), 0);
    };
  }

  private static void categorical(
      ReferenceBuffer logits, int row, int label, double upstream, ReferenceBuffer out) {
    double[] logProbabilities = logProbabilities(logits, row);
    for (int c = 0; c < logits.columns(); c++) {
      out.set(row, c, upstream * ((c == label ? 1 : 0) - Math.exp(logProbabilities[c])));
    }
  }

  /** log softmax of a row; the maximum is taken off first, so that nothing overflows. */
  private static double[] logProbabilities(ReferenceBuffer logits, int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < logits.columns(); c++) {
      max = Math.max(max, logits.get(row, c));
    }
    double sum = 0;
    for (int c = 0; c < logits.columns(); c++) {
      sum += Math.exp(logits.get(row, c) - max);
    }
    double[] result = new double[logits.columns()];
    for (int c = 0; c < result.length; c++) {
      result[c] = logits.get(row, c) - max - Math.log(sum);
    }
    return result;
  }

  /** log_scale has a row for each group of rows of the outputs. */
  private static double logScale(List<ReferenceBuffer> in, int row, int column) {
    ReferenceBuffer logScale = in.get(1);
    return logScale.get(row / (in.getFirst().rows() / logScale.rows()), column);
  }
}
