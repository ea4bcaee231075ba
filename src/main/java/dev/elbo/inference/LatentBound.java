package dev.elbo.inference;

/**
 * The bound on log p(x) that a model with latent variables maximises, from S draws of z an example.
 */
public enum LatentBound {
  /** (1/S) sum_s log p(x | z_s) - KL(q(z | x) || p(z)) (Kingma and Welling 2014, equation 7). */
  ELBO,
  /**
   * log (1/S) sum_s w_s with w_s = p(x, z_s) / q(z_s | x): the importance-weighted bound, tighter
   * with every draw (Burda et al. 2016, equation 8).
   */
  IWAE,
  /**
   * The value of IWAE, with the doubly reparameterised gradient for q, whose signal-to-noise ratio
   * does not fall with S (Tucker et al. 2019, equation 8).
   */
  DREG
}
