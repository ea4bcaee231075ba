package dev.elbo.device.reference;

import dev.elbo.graph.NoiseSite;
import dev.elbo.random.Noise;

/**
 * What one run of a program gives its operations beside the values.
 *
 * @param seed the seed of all noise
 * @param step the step of the noise addresses and of bias corrections
 * @param firstSample the number, among all samples of the step, of the run's sample 0
 */
record Run(long seed, int step, int firstSample) {
  Run {
    if (firstSample < 0) {
      throw new IllegalArgumentException(
          "the first sample must not be negative, got " + firstSample);
    }
  }

  /**
   * The noise of a sample of this run.
   *
   * @throws IllegalArgumentException when the run begins within an antithetic pair
   */
  Draw draw(NoiseSite site, int sample) {
    if (site.antithetic() && firstSample % 2 != 0) {
      throw new IllegalArgumentException(
          "antithetic samples begin at an even number, got " + firstSample);
    }
    int number = Math.addExact(firstSample, sample);
    return new Draw(new Noise(seed, site.site(), site.address(number), step), site.sign(number));
  }

  /** The signs of flipout for a sample: at the sample's address, the same for both of a pair. */
  Noise signs(NoiseSite site, int signSite, int sample) {
    return new Noise(seed, signSite, site.address(firstSample + sample), step);
  }

  /** Normals with the sign of the sample's place in its antithetic pair. */
  record Draw(Noise noise, int sign) {
    double matrix(int o, int i) {
      return sign * noise.matrix(o, i);
    }

    double linear(long index) {
      return sign * noise.linear(index);
    }
  }
}
