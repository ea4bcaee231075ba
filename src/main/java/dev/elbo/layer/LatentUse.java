package dev.elbo.layer;

/** What a graph wants of its latent variables z, and so what a stochastic layer builds. */
public enum LatentUse {
  /** z from q(z | x), and KL(q || p) in closed form: the evidence lower bound. */
  DIVERGENCE,
  /** z from q(z | x), and log p(z) - log q(z | x) at that z: importance weights. */
  RATIO,
  /**
   * As RATIO, but all that follows takes z through a gradient stop, so that the gradient with
   * respect to z can be changed before it goes on to q: the doubly reparameterised gradient.
   */
  CUT_RATIO,
  /** z from the prior p(z): generation. */
  PRIOR
}
