package dev.elbo.graph;

/**
 * Where an operation's noise comes from.
 *
 * @param site the site of the noise-consuming tensor, numbered in the order in which a model is
 *     built, 0..0xFFF0 (higher ones are reserved)
 * @param samples S, how many samples are drawn at once
 * @param antithetic whether samples come in pairs mu ± sigma·eps that share their noise; S is then
 *     even, and sample s has address s / 2 and sign (-1)^s
 */
public record NoiseSite(int site, int samples, boolean antithetic) {
  private static final int LAST_SITE = 0xFFF0;

  public NoiseSite {
    Check.that(site >= 0 && site <= LAST_SITE, "noise site %d is not in 0..%d", site, LAST_SITE);
    Check.that(samples >= 1, "the number of samples must be positive, got %d", samples);
    Check.that(
        !antithetic || samples % 2 == 0,
        "antithetic sampling needs an even number of samples, got %d",
        samples);
  }

  /** The address of a sample, its 0-based number among all samples of the step. */
  public int address(int sample) {
    return antithetic ? sample >> 1 : sample;
  }

  /** The sign with which the noise of a sample enters: 1, or -1 for the second of a pair. */
  public int sign(int sample) {
    return antithetic && (sample & 1) == 1 ? -1 : 1;
  }
}
