package dev.elbo.graph;

import dev.elbo.tensor.Shape;

/** Checks of the parameters of mean-field Gaussians. */
final class Gaussians {
  private Gaussians() {}

  /** mu and log_sigma have the same shape, a vector or a matrix. */
  static void same(Op op, Shape mu, Shape logSigma) {
    Check.that(
        mu.equals(logSigma) && mu.rank() >= 1 && mu.rank() <= 2,
        "%s: mu %s and log_sigma %s must be vectors or matrices of one shape",
        op.name(),
        mu,
        logSigma);
  }

  /** mu and log_sigma are matrices [N, K] of the same shape. */
  static void sameMatrix(Op op, Shape mu, Shape logSigma) {
    same(op, mu, logSigma);
    Check.that(mu.rank() == 2, "%s: weights %s are not a matrix", op.name(), mu);
  }
}
