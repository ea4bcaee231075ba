package dev.elbo.layer;

import dev.elbo.distribution.Covariance;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Linear;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Rearrangement;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.Locale;

/**
 * y = x Wᵀ + b where q(W, b) is a Gaussian with correlations: all weights and biases of the layer
 * together have a mean and a {@link Covariance}. A matrix is drawn for each sample, by the naive
 * estimator; KL(q || p) to the prior Normal(0, s²) is in closed form. It is for layers small
 * enough, and runs on the composed path, without the fused update.
 *
 * @param units the columns of y
 * @param covariance of the weights
 * @param posterior where the logarithms of the standard deviations start; correlations start at 0
 */
public record CorrelatedLinear(int units, Covariance covariance, GaussianPosterior posterior)
    implements Layer {
  public CorrelatedLinear {
    if (units < 1) {
      throw new IllegalArgumentException("a layer needs at least one unit, got " + units);
    }
  }

  /** As many as a variational layer takes: the weights of all kinds start from the same means. */
  private static final int SITES = 4;

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    if (builder.sampling().estimator() != Estimator.NAIVE) {
      throw new IllegalArgumentException(
          "weights with correlations have the naive estimator only, not "
              + builder.sampling().estimator().name().toLowerCase(Locale.ROOT));
    }
    if (!(builder.prior() instanceof Prior.Gaussian prior)) {
      throw new IllegalArgumentException(
          "weights with correlations need a Gaussian prior of fixed scale");
    }
    int inputs = x.shape().columns();
    int site = builder.sites(SITES);
    Shape shape = Shape.of(units, inputs + 1);
    Value mean = mean(builder, inputs, site);
    CorrelatedWeights weights =
        new CorrelatedWeights(
            builder, shape, mean, posterior.initialLogSigma(), prior.scale(), builder.noise(site));
    Value w =
        switch (covariance) {
          case Covariance.Full full -> weights.full();
          case Covariance.LowRank low -> weights.lowRank(low.rank(), builder.noise(site + 1));
          case Covariance.Kronecker kronecker -> weights.kronecker();
        };
    Value ones = builder.graph().constant(1, Shape.of(x.shape().rows(), 1));
    Value extended = builder.graph().add(new Rearrangement.Concatenate(), x, ones);
    NoiseSite noise = builder.noise(site);
    return builder.graph().add(new Linear(noise.samples(), builder.shared(x)), extended, w);
  }

  /** The means [N, K + 1]: those of the weights start as in other layers, those of biases at 0. */
  private Value mean(NetworkBuilder builder, int inputs, int site) {
    Initial start = new Initial.Normal(Math.sqrt(2.0 / inputs), site);
    Value weight = builder.posteriorPoint("weight.mean", Shape.of(units, inputs), start);
    Value bias = builder.posteriorPoint("bias.mean", Shape.of(units), new Initial.Constant(0));
    Value column = builder.graph().add(new Rearrangement.Reshape(Shape.of(units, 1)), bias);
    return builder.graph().add(new Rearrangement.Concatenate(), weight, column);
  }
}
