package dev.elbo.layer;

/** How the gradient of the expected log-likelihood is estimated; all three are unbiased. */
public enum Estimator {
  /** One draw of the weights for the whole batch (Blundell et al. 2015). */
  NAIVE,
  /** Noise on the pre-activations, each example its own (Kingma, Salimans and Welling 2015). */
  LOCAL,
  /** One draw, decorrelated between examples by random signs (Wen et al. 2018). */
  FLIPOUT
}
