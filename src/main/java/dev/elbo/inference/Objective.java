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
 * @param latentBound of models with latent variables; others have the ELBO
 * @param freeBits nats of KL that each latent dimension may have for nothing: it counts
 *     max(freeBits, mean over the batch of its KL) (Kingma et al. 2016, equation 15); 0 for none
 */
public record Objective(
    Sampling sampling, double klWeight, double klWarmup, LatentBound latentBound, double freeBits) {
  /** The evidence lower bound from one naive sample a step. */
  public static final Objective DEFAULT = of(new Sampling(Estimator.NAIVE, 1, false), 1, 0);

  public Objective {
    if (!(klWeight >= 0) || Double.isInfinite(klWeight)) {
      throw new IllegalArgumentException("the KL weight must be 0 or more, got " + klWeight);
    }
    if (!(klWarmup >= 0) || Double.isInfinite(klWarmup)) {
      throw new IllegalArgumentException(
          "the KL warm-up must be 0 or more epochs, got " + klWarmup);
    }
    if (!(freeBits >= 0) || Double.isInfinite(freeBits)) {
      throw new IllegalArgumentException("free bits must be 0 or more nats, got " + freeBits);
    }
    if (latentBound != LatentBound.ELBO && (klWeight != 1 || klWarmup > 0 || freeBits > 0)) {
      throw new IllegalArgumentException(
          "an importance-weighted bound has no KL weight, warm-up or free bits");
    }
  }

  /** The evidence lower bound with a weighted divergence. */
  public static Objective of(Sampling sampling, double klWeight, double klWarmup) {
    return new Objective(sampling, klWeight, klWarmup, LatentBound.ELBO, 0);
  }

  /** beta after a number of epochs, not necessarily whole. */
  public double klWeight(double epochs) {
    return klWarmup > 0 ? klWeight * Math.min(1, epochs / klWarmup) : klWeight;
  }
}
