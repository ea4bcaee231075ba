package dev.elbo.distribution;

/**
 * The covariance of a Gaussian posterior over all weights of a layer, where they need not be
 * independent. D is their number, N the units and K the inputs, the bias counted as one.
 */
public sealed interface Covariance {
  /** The most weights of a full covariance: its factor has their square. */
  int MOST_WEIGHTS = 4096;

  /** Any: L·Lᵀ with a lower triangular L, D (D + 1) / 2 numbers. */
  record Full() implements Covariance {}

  /**
   * diag(sigma²) + V·Vᵀ with V [D, rank]: (rank + 1) D numbers (Ong et al. 2018, section 3).
   *
   * @param rank the columns of V
   */
  record LowRank(int rank) implements Covariance {
    public LowRank {
      if (rank < 1) {
        throw new IllegalArgumentException("the rank must be positive, got " + rank);
      }
    }
  }

  /**
   * The matrix normal: (A·Aᵀ) of the units times (B·Bᵀ) of the inputs, both factors lower
   * triangular (Louizos and Welling 2016, section 3): N (N + 1) / 2 + K (K + 1) / 2 numbers.
   */
  record Kronecker() implements Covariance {}
}
