package dev.elbo.distribution;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * The distribution p(w) of every weight before data is seen; weights are independent. A prior knows
 * the divergence KL(q || p) of a mean-field Gaussian q, summed over weights, in nats.
 */
public sealed interface Prior {
  /**
   * The divergence of a mean-field Gaussian from this prior, a scalar.
   *
   * @param graph where the node goes
   * @param parameters where learned numbers of the prior come from
   * @param noise the draws at which a sampled divergence is estimated
   */
  Value divergence(
      Graph graph, ParameterSource parameters, NoiseSite noise, Value mu, Value logSigma);

  /**
   * Whether {@link #divergence} is exact; otherwise it is estimated from the S samples of a step.
   */
  boolean closedForm();

  /**
   * Normal(0, scale²). Closed form: sum log(scale/sigma) + (sigma² + mu²) / (2 scale²) - 1/2.
   *
   * @param scale the standard deviation, positive
   */
  record Gaussian(double scale) implements Prior {
    public Gaussian {
      Domain.positive("the prior scale", scale);
    }

    @Override
    public Value divergence(
        Graph graph, ParameterSource parameters, NoiseSite noise, Value mu, Value logSigma) {
      return graph.add(new Divergence.KlGaussian(scale), mu, logSigma);
    }

    @Override
    public boolean closedForm() {
      return true;
    }
  }

  /**
   * pi Normal(0, scale1²) + (1 - pi) Normal(0, scale2²) (Blundell et al. 2015, equation 7).
   * Estimated: the entropy of q in closed form, the mean over samples of -log p(w).
   *
   * @param mixture pi, in (0, 1)
   */
  record ScaleMixture(double mixture, double scale1, double scale2) implements Prior {
    public ScaleMixture {
      Domain.open("the mixture weight", mixture, 0, 1);
      Domain.positive("the first prior scale", scale1);
      Domain.positive("the second prior scale", scale2);
    }

    @Override
    public Value divergence(
        Graph graph, ParameterSource parameters, NoiseSite noise, Value mu, Value logSigma) {
      Divergence kl = new Divergence.KlScaleMixture(mixture, scale1, scale2, noise);
      return graph.add(kl, mu, logSigma);
    }

    @Override
    public boolean closedForm() {
      return false;
    }
  }

  /**
   * Laplace(0, scale), density e^(-|w|/scale) / (2 scale). Closed form through E|w| of a Gaussian.
   *
   * @param scale the mean of |w|, positive
   */
  record Laplace(double scale) implements Prior {
    public Laplace {
      Domain.positive("the prior scale", scale);
    }

    @Override
    public Value divergence(
        Graph graph, ParameterSource parameters, NoiseSite noise, Value mu, Value logSigma) {
      return graph.add(new Divergence.KlLaplace(scale), mu, logSigma);
    }

    @Override
    public boolean closedForm() {
      return true;
    }
  }

  /**
   * Normal(0, scale²) with the scale of each tensor learned with the weights: empirical Bayes
   * (MacKay 1992). Closed form.
   *
   * @param initialScale where the learned scales start, positive
   */
  record LearnedGaussian(double initialScale) implements Prior {
    public LearnedGaussian {
      Domain.positive("the initial prior scale", initialScale);
    }

    @Override
    public Value divergence(
        Graph graph, ParameterSource parameters, NoiseSite noise, Value mu, Value logSigma) {
      Value logScale = parameters.point("prior.log_scale", Shape.SCALAR, Math.log(initialScale));
      return graph
          .addAll(new Divergence.KlLearnedGaussian(), List.of(mu, logSigma, logScale))
          .getFirst();
    }

    @Override
    public boolean closedForm() {
      return true;
    }
  }
}
