package dev.elbo.inference;

/**
 * Stops when a score on validation examples has not improved for a number of epochs, and goes back
 * to the parameters of the best.
 *
 * @param score what is compared
 * @param patience epochs without improvement before stopping, at least 1
 */
public record EarlyStopping(Score score, int patience) {
  /** What is compared, lower being better. */
  public enum Score {
    /** -log p(y | x) of the posterior predictive, the mean over validation examples. */
    NLL,
    /** E_q[-log p(y | x, W)] on validation examples + beta KL / N: the negative ELBO an example. */
    ELBO
  }

  public EarlyStopping {
    if (patience < 1) {
      throw new IllegalArgumentException("the patience must be positive, got " + patience);
    }
  }
}
