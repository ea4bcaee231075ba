package dev.elbo.layer;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.Graph;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Rearrangement.Reshape;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;

/**
 * y = x Wᵀ + b with W = mu + sigma·eps, sigma = exp(log_sigma), and b likewise: W [units, K], b
 * [units]. Means start at Normal(0, 2/K) for W (He et al. 2015) and 0 for b.
 *
 * <p>The {@link Estimator} of the graph decides where the noise enters. Under LOCAL every example
 * has a bias draw of its own, else one a sample.
 *
 * @param units the columns of y
 * @param posterior where log_sigma starts
 */
public record VariationalLinear(int units, GaussianPosterior posterior) implements Layer {
  public VariationalLinear {
    if (units < 1) {
      throw new IllegalArgumentException("a layer needs at least one unit, got " + units);
    }
  }

  /** Weight, bias, and two more: signs of flipout, or draws of a sampled divergence under LOCAL. */
  private static final int SITES = 4;

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    Graph graph = builder.graph();
    int columns = x.shape().columns();
    int site = builder.sites(SITES);
    NoiseSite weights = builder.noise(site);
    NoiseSite biases = builder.noise(site + 1);
    boolean local = builder.sampling().estimator() == Estimator.LOCAL;
    Initial start = new Initial.Normal(Math.sqrt(2.0 / columns), site);
    Factor w =
        builder.factor(
            "weight",
            Shape.of(units, columns),
            start,
            posterior,
            local ? builder.noise(site + 2) : weights);
    Factor b =
        builder.factor(
            "bias",
            Shape.of(units),
            new Initial.Constant(0),
            posterior,
            local ? builder.noise(site + 3) : biases);
    if (builder.members() > 1) {
      return ofMembers(builder, x, w, b, weights, biases);
    }
    boolean shared = builder.shared(x);
    Value mu = w.mu().value();
    Value logSigma = w.logSigma().value();
    Value y =
        switch (builder.sampling().estimator()) {
          case NAIVE ->
              graph.add(new dev.elbo.graph.VariationalLinear(weights, shared), x, mu, logSigma);
          case LOCAL -> graph.add(new LocalLinear(weights, shared), x, mu, logSigma);
          case FLIPOUT ->
              graph.add(new FlipoutLinear(weights, site + 2, site + 3, shared), x, mu, logSigma);
        };
    int copies = local ? y.shape().rows() / builder.sampling().samples() : 1;
    Value bias = graph.add(new Sample(biases, copies), b.mu().value(), b.logSigma().value());
    return graph.add(new AddBias(), y, bias);
  }

  /** The weights of all members are drawn at once, and each product is with those of one. */
  private Value ofMembers(
      NetworkBuilder builder, Value x, Factor w, Factor b, NoiseSite weights, NoiseSite biases) {
    Estimator estimator = builder.sampling().estimator();
    if (estimator != Estimator.NAIVE) {
      throw new IllegalArgumentException(
          "the members of an ensemble are drawn by the naive estimator, not by " + estimator);
    }
    Graph graph = builder.graph();
    int members = builder.members();
    Value drawn = graph.add(new Sample(weights, 1), w.mu().value(), w.logSigma().value());
    Value y = graph.add(new dev.elbo.graph.Linear(members, builder.shared(x)), x, drawn);
    Value bias = graph.add(new Sample(biases, 1), b.mu().value(), b.logSigma().value());
    Value row = graph.add(new Reshape(Shape.of(members, units)), bias);
    return graph.add(new AddBias(), y, row);
  }
}
