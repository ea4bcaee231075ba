package dev.elbo.inference;

import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;

/**
 * What is maximised: E_q[log p(D | W)] - beta KL(q || p), its expectation estimated from samples of
 * the weights.
 *
 * @param sampling estimator and samples of a step
 * @param klWeight beta; 1 is the evidence lower bound
 * @param klWarmup epochs over which beta rises linearly from 0 (Bowman et al. 2016), 0 for none
 */
public record Objective(Sampling sampling, double klWeight, double klWarmup) {
  /** The evidence lower bound from one naive sample a step. */
  public static final Objective DEFAULT =
      new Objective(new Sampling(Estimator.NAIVE, 1, false), 1, 0);

  public Objective {
    if (!(klWeight >= 0) || Double.isInfinite(klWeight)) {
      throw new IllegalArgumentException("the KL weight must be 0 or more, got " + klWeight);
    }
    if (!(klWarmup >= 0) || Double.isInfinite(klWarmup)) {
      throw new IllegalArgumentException(
          "the KL warm-up must be 0 or more epochs, got " + klWarmup);
    }
  }

  /** beta after a number of epochs, not necessarily whole. */
  public double klWeight(double epochs) {
    return klWarmup > 0 ? klWeight * Math.min(1, epochs / klWarmup) : klWeight;
  }
}
