package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every estimator's gradient is unbiased, and local and flipout vary less than naive. */
class EstimatorTest {
  private static final int RUNS = 8_000;
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(128, 5, 0.5, 17);
  private static final float[] MU = {-0.5f, -0.2f, 0.1f, 0.4f, 0.7f, 1};
  private static final float[] LOG_SIGMA = {-1.5f, -1.3f, -1.1f, -0.9f, -0.7f, -0.5f};

  static Stream<Sampling> samplings() {
    return Stream.of(Estimator.values())
        .flatMap(
            e ->
                Stream.of(
                    new Sampling(e, 1, false),
                    new Sampling(e, 3, false),
                    new Sampling(e, 2, true)));
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void gradientsAreUnbiased(Sampling sampling) {
    double[] mu = new double[MU.length];
    double[] variance = new double[MU.length];
    for (int i = 0; i < mu.length; i++) {
      mu[i] = MU[i];
      variance[i] = Math.exp(2 * LOG_SIGMA[i]);
    }
    double[][] expected = PROBLEM.nllGradients(mu, variance);
    GradientMoments measured = moments(sampling, RUNS);
    for (int i = 0; i < mu.length; i++) {
      assertUnbiased(measured, "mu", i, expected[0][i]);
      assertUnbiased(measured, "log_sigma", i, expected[1][i]);
    }
  }

  private static void assertUnbiased(
      GradientMoments measured, String part, int i, double expected) {
    double error = Math.sqrt(element(measured.variance(), part, i) / RUNS);
    // float32 sums over 128 examples are off by about 1e-6 of their terms, which counts where
    // antithetic pairs leave no variance at all.
    double rounding = 2e-6 * (1 + Math.abs(expected));
    double z = Math.abs(element(measured.mean(), part, i) - expected) / (error + rounding);
    // 12 elements, 9 samplings: |z| > 4.5 has probability under 0.001 for all together.
    assertThat(z).as("%s element %d", part, i).isLessThan(4.5);
  }

  @Test
  void localAndFlipoutVaryLessThanNaive() {
    double naive = total(Estimator.NAIVE);
    assertThat(total(Estimator.LOCAL)).isLessThan(0.5 * naive);
    assertThat(total(Estimator.FLIPOUT)).isLessThan(0.5 * naive);
  }

  /** Of the weights: flipout leaves biases as they are. */
  private static double total(Estimator estimator) {
    GradientMoments moments = moments(new Sampling(estimator, 1, false), 2000);
    return moments.totalVariance("weight.mu") + moments.totalVariance("weight.log_sigma");
  }

  private static GradientMoments moments(Sampling sampling, int runs) {
    int weights = MU.length - 1;
    Map<String, float[]> parameters =
        Map.of(
            "0.weight.mu",
            Arrays.copyOf(MU, weights),
            "0.bias.mu",
            new float[] {MU[weights]},
            "0.weight.log_sigma",
            Arrays.copyOf(LOG_SIGMA, weights),
            "0.bias.log_sigma",
            new float[] {LOG_SIGMA[weights]});
    try (Device device = new CpuDevice(1)) {
      return GradientMoments.of(
          device,
          LinearModels.model(PROBLEM).network(),
          sampling,
          parameters,
          LinearModels.examples(PROBLEM),
          runs);
    }
  }

  private static double element(Map<String, double[]> moments, String part, int i) {
    boolean bias = i == MU.length - 1;
    return moments.get((bias ? "0.bias." : "0.weight.") + part)[bias ? 0 : i];
  }
}
