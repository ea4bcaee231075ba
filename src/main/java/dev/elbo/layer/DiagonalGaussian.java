package dev.elbo.layer;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Rearrangement.SliceColumns;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;

/** Normal(mean, exp(log_sigma)²) of latent variables, each [R, D], a row an example. */
record DiagonalGaussian(Value mean, Value logSigma) {

  /**
   * Where the linear map starts, over the usual scale: close to Normal(0, 1), whose KL and
   * gradients are small. From the usual scale the variances of a hierarchy's layers differ by
   * orders of magnitude, and the first steps ruin it.
   */
  private static final double START = 0.1;

  /** A linear map of h to [R, 2·D], the means and then the logarithms of the scales. */
  static DiagonalGaussian of(NetworkBuilder builder, String name, int units, Value h) {
    Value outputs = builder.within(name, new InitialScale(START, new Linear(2 * units)), h);
    Graph graph = builder.graph();
    return new DiagonalGaussian(
        graph.add(new SliceColumns(0, units), outputs),
        graph.add(new SliceColumns(units, units), outputs));
  }

  /** Normal(0, 1). */
  static DiagonalGaussian standard(Graph graph, Shape shape) {
    return new DiagonalGaussian(graph.constant(0, shape), graph.constant(0, shape));
  }

  /** The same distribution with a row for every sample and example. */
  DiagonalGaussian sampled(NetworkBuilder builder) {
    return new DiagonalGaussian(builder.sampled(mean), builder.sampled(logSigma));
  }

  /**
   * KL(this || Normal(0, 1)) of each dimension: (sigma² + mean² - 1)/2 - log_sigma (Kingma and
   * Welling 2014, appendix B).
   */
  Value divergence(Graph graph) {
    Value moments = graph.add(new Add(), variance(graph, logSigma), square(graph, mean));
    return half(graph, moments, logSigma);
  }

  /** KL(this || p): log_sigma_p - log_sigma + (sigma² + (mean - mean_p)²) / (2 sigma_p²) - 1/2. */
  Value divergence(Graph graph, DiagonalGaussian p) {
    Value distance = square(graph, minus(graph, mean, p.mean));
    Value moments = graph.add(new Add(), variance(graph, logSigma), distance);
    Value precision = graph.add(new Unary(Function.EXP), graph.add(new Scale(-2), p.logSigma));
    Value scaled = graph.add(new Multiply(), moments, precision);
    return half(graph, scaled, minus(graph, logSigma, p.logSigma));
  }

  /** log of the density at z, without -log(2 pi)/2, which every ratio loses. */
  Value logDensity(Graph graph, Value z) {
    Value inverse = graph.add(new Unary(Function.EXP), graph.add(new Scale(-1), logSigma));
    Value standardised = graph.add(new Multiply(), minus(graph, z, mean), inverse);
    return minus(graph, graph.add(new Scale(-0.5), square(graph, standardised)), logSigma);
  }

  /** log of the density of Normal(0, 1) at z, without -log(2 pi)/2. */
  static Value standardLogDensity(Graph graph, Value z) {
    return graph.add(new Scale(-0.5), square(graph, z));
  }

  /** a - b. */
  static Value minus(Graph graph, Value a, Value b) {
    return graph.add(new Add(), a, graph.add(new Scale(-1), b));
  }

  /** moments/2 - log ratio - 1/2. */
  private static Value half(Graph graph, Value moments, Value logRatio) {
    Value difference = minus(graph, graph.add(new Scale(0.5), moments), logRatio);
    return graph.add(new Add(), difference, graph.constant(-0.5, Shape.SCALAR));
  }

  private static Value variance(Graph graph, Value logSigma) {
    return graph.add(new Unary(Function.EXP), graph.add(new Scale(2), logSigma));
  }

  private static Value square(Graph graph, Value x) {
    return graph.add(new Unary(Function.SQUARE), x);
  }
}
