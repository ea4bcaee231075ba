package dev.elbo.layer;

/**
 * How weights are sampled in one run of a graph.
 *
 * @param estimator naive, local or flipout
 * @param samples S, the samples drawn at once
 * @param antithetic whether samples come in pairs mu ± sigma·eps; S is then even
 */
public record Sampling(Estimator estimator, int samples, boolean antithetic) {
  public Sampling {
    if (samples < 1) {
      throw new IllegalArgumentException("the number of samples must be positive, got " + samples);
    }
    if (antithetic && samples % 2 != 0) {
      throw new IllegalArgumentException(
          "antithetic pairs need an even number of samples, got " + samples);
    }
  }
}
