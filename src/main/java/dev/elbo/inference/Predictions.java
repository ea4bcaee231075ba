package dev.elbo.inference;

import dev.elbo.metric.LogProbabilities;
import java.util.Optional;

/** The posterior predictive of examples, a row each, in the user's units. */
public sealed interface Predictions {
  /**
   * The log-densities of the outcomes, where they are known; see {@link Predictor}.
   *
   * @param predictive log (1/S) sum_s p(y | x, W_s), one an example
   * @param expected (1/S) sum_s log p(y | x, W_s), one an example: the data term of the ELBO
   */
  record Densities(double[] predictive, double[] expected) {}

  /** The log-densities of the outcomes; empty where the outcomes are not known. */
  Optional<Densities> densities();

  /**
   * Of classes.
   *
   * @param logProbabilities log p(c | x)
   * @param expectedEntropy (1/S) sum_s H[p(c | x, W_s)]; the total entropy minus it is the mutual
   *     information of class and weights
   */
  record Classes(
      LogProbabilities logProbabilities, double[] expectedEntropy, Optional<Densities> densities)
      implements Predictions {}

  /**
   * Of numbers.
   *
   * @param mean E[y | x]
   * @param modelVariance the variance over weights of E[y | x, W] (epistemic)
   * @param noiseVariance the mean over weights of Var[y | x, W] (aleatoric)
   * @param interval the central 95 % of the predictive; empty for Bernoulli targets
   */
  record Numbers(
      double[] mean,
      double[] modelVariance,
      double[] noiseVariance,
      Optional<Interval> interval,
      Optional<Densities> densities)
      implements Predictions {}

  /** The quantiles at 0.025 and 0.975, one of each an example. */
  record Interval(double[] lower, double[] upper) {}
}
