package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * KL(q || p) in nats, summed over all weights, of q = Normal(mu, exp(log_sigma)²): inputs (mu,
 * log_sigma, further parameters of p), result a scalar.
 */
public sealed interface Divergence extends Op {

  /** Whether the value is exact; otherwise it is estimated from samples of the weights. */
  default boolean closedForm() {
    return true;
  }

  @Override
  default boolean drawn() {
    return !closedForm();
  }

  /** How many learned scalars of the prior follow mu and log_sigma. */
  default int priorParameters() {
    return 0;
  }

  @Override
  default List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2 + priorParameters());
    Gaussians.same(this, inputs.get(0), inputs.get(1));
    for (Shape parameter : inputs.subList(2, inputs.size())) {
      Check.that(
          parameter.equals(Shape.SCALAR), "%s: the prior's %s is no scalar", name(), parameter);
    }
    return List.of(Shape.SCALAR);
  }

  @Override
  default List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    List<Value> inputs = new ArrayList<>();
    inputs.add(upstream);
    inputs.addAll(node.inputs());
    return graph.addAll(new DivergenceBackward(this), inputs).stream().map(Optional::of).toList();
  }

  @Override
  default long flops(List<Shape> inputs) {
    return 14L * inputs.getFirst().elements();
  }

  /**
   * p = Normal(0, scale²): sum log(scale/sigma) + (sigma² + mu²)/(2 scale²) - 1/2, closed form.
   *
   * @param scale the prior's standard deviation
   */
  record KlGaussian(double scale) implements Divergence {
    public KlGaussian {
      Check.that(
          scale > 0 && Double.isFinite(scale), "the prior scale must be positive, got %s", scale);
    }
  }

  /**
   * p = Normal(0, e^(2t)) with t learned (empirical Bayes; MacKay 1992): the third input is the
   * scalar t = log scale. Closed form; its optimum in t is scale² = mean(sigma² + mu²).
   */
  record KlLearnedGaussian() implements Divergence {
    @Override
    public int priorParameters() {
      return 1;
    }
  }

  /**
   * p = Laplace(0, scale), closed form: sum log(2 scale) - log(2 pi e sigma²)/2 + E|w|/scale, E|w|
   * = sigma·sqrt(2/pi)·exp(-mu²/(2 sigma²)) + mu·erf(mu/(sigma sqrt 2)).
   *
   * @param scale b, the mean of |w| under the prior
   */
  record KlLaplace(double scale) implements Divergence {
    public KlLaplace {
      Check.that(
          scale > 0 && Double.isFinite(scale), "the prior scale must be positive, got %s", scale);
    }
  }

  /**
   * p = pi·Normal(0, scale1²) + (1 - pi)·Normal(0, scale2²) (Blundell et al. 2015, equation 7),
   * estimated: -sum log(2 pi e sigma²)/2, the negative entropy of q in closed form, and the mean
   * over samples of -sum log p(w_s) at w_s = mu + sigma·eps_s. The paper draws log q(w_s) too; with
   * eps_s held its gradient is the same, so that nothing is learned differently. The value varies
   * more than the paper's where q is near p, and less where p is wide.
   *
   * @param mixture pi, the weight of the first component, between 0 and 1
   * @param noise where eps comes from; the site of the weights, so that both see the same w_s
   */
  record KlScaleMixture(double mixture, double scale1, double scale2, NoiseSite noise)
      implements Divergence {
    public KlScaleMixture {
      Check.that(mixture > 0 && mixture < 1, "the mixture weight %s is not in (0, 1)", mixture);
      Check.that(
          scale1 > 0 && scale2 > 0 && Double.isFinite(scale1) && Double.isFinite(scale2),
          "the prior scales must be positive, got %s and %s",
          scale1,
          scale2);
    }

    @Override
    public boolean closedForm() {
      return false;
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 50L * noise.samples() * inputs.getFirst().elements();
    }
  }
}
