package dev.elbo.device.reference;

import static dev.elbo.device.reference.OneOp.first;
import static dev.elbo.device.reference.OneOp.scalar;
import static dev.elbo.device.reference.OneOp.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.Divergence.KlLaplace;
import dev.elbo.graph.Divergence.KlLearnedGaussian;
import dev.elbo.graph.Divergence.KlScaleMixture;
import dev.elbo.graph.DivergenceBackward;
import dev.elbo.graph.NoiseSite;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Divergences against the integral that defines them. */
class ReferenceDivergenceTest {
  private static final double LOG_TWO_PI = 1.8378770664093453;

  private static double logNormal(double w, double mean, double std) {
    return -0.5 * Math.pow((w - mean) / std, 2) - Math.log(std) - LOG_TWO_PI / 2;
  }

  /** The integral of q(w) f(w) by the trapezoidal rule over 12 deviations. */
  private static double integral(double mu, double sigma, DoubleUnaryOperator f) {
    int points = 400_000;
    double step = 24 * sigma / points;
    double sum = 0;
    for (int i = 0; i <= points; i++) {
      double w = mu - 12 * sigma + i * step;
      sum += Math.exp(logNormal(w, mu, sigma)) * f.applyAsDouble(w) * step;
    }
    return sum;
  }

  private static double kl(double mu, double sigma, DoubleUnaryOperator logP) {
    return integral(mu, sigma, w -> logNormal(w, mu, sigma) - logP.applyAsDouble(w));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.3, 0.1", "-2, 0.7", "0.01, 0.5"})
  void closedFormsEqualTheIntegral(double mu, double sigma) {
    OneOp.In m = vector(mu);
    OneOp.In l = vector(Math.log(sigma));
    // The trapezoidal rule is exact to rounding for smooth densities, and wrong by about step² / 12
    // times the jump of the slope at Laplace's kink: 1e-9 at sigma = 1.
    double gaussian = kl(mu, sigma, w -> logNormal(w, 0, 0.5));
    assertThat(first(new KlGaussian(0.5), m, l)[0]).isCloseTo(gaussian, within(1e-10));
    assertThat(first(new KlLearnedGaussian(), m, l, scalar(Math.log(0.5)))[0])
        .isCloseTo(gaussian, within(1e-10));
    double laplace = kl(mu, sigma, w -> -Math.abs(w) / 0.3 - Math.log(0.6));
    assertThat(first(new KlLaplace(0.3), m, l)[0]).isCloseTo(laplace, within(1e-8));
  }

  @Test
  void weightsAreSummedNotAveraged() {
    assertThat(first(new KlGaussian(1), vector(1, 1, 1), vector(0, 0, 0))[0])
        .isCloseTo(1.5, within(1e-15));
    assertThat(first(new KlGaussian(1), vector(0, 0), vector(0, 0))[0]).isZero();
  }

  @Test
  void theSampledDivergenceEstimatesTheIntegral() {
    int samples = 40_000;
    NoiseSite site = new NoiseSite(3, samples, false);
    DoubleUnaryOperator logP =
        w -> Math.log(0.25 * Math.exp(logNormal(w, 0, 1)) + 0.75 * Math.exp(logNormal(w, 0, 0.05)));
    double expected = kl(0.1, 0.3, logP);
    double mean = integral(0.1, 0.3, logP);
    double square = integral(0.1, 0.3, w -> Math.pow(logP.applyAsDouble(w), 2));
    double standardError = Math.sqrt((square - mean * mean) / samples);
    double estimate =
        first(new KlScaleMixture(0.25, 1, 0.05, site), vector(0.1), vector(Math.log(0.3)))[0];
    assertThat(estimate).isCloseTo(expected, within(4 * standardError));
    assertThat(standardError).isLessThan(0.01);
  }

  @Test
  void laplaceIsSafeFarFromZero() {
    for (double logSigma : List.of(-20.0, -300.0, -800.0)) {
      // E|w| = |mu| where sigma is nothing beside it; the entropy is that of the Gaussian.
      double expected = Math.log(2 * 0.5) - (LOG_TWO_PI + 1) / 2 - logSigma + 1000 / 0.5;
      assertThat(first(new KlLaplace(0.5), vector(-1000), vector(logSigma))[0])
          .isCloseTo(expected, within(1e-9));
      List<double[]> gradient =
          new OneOp(1, 0)
              .run(
                  new DivergenceBackward(new KlLaplace(0.5)),
                  scalar(3),
                  vector(-1000, 0),
                  vector(logSigma, logSigma));
      assertThat(gradient.get(0)).containsExactly(-6, 0);
      assertThat(gradient.get(1)).containsExactly(new double[] {-3, -3}, within(1e-7));
    }
  }

  @Test
  void theMixtureIsSafeWhereBothComponentsUnderflow() {
    KlScaleMixture prior = new KlScaleMixture(0.25, 1, 0.01, new NoiseSite(3, 1, false));
    double value = first(prior, vector(100), vector(-30))[0];
    // At w = 100 ± 1e-13 the wide component decides: -log p = w²/2 + log(2 pi)/2 - log 0.25.
    double expected = -0.5 + 30 + 5000 - Math.log(0.25);
    assertThat(value).isCloseTo(expected, within(1e-9));
  }

  @Test
  void gradientsOfAllInputsAreTimesUpstream() {
    // Gaussian of log scale 0: mu, sigma² - 1, and the sum of 1 - sigma² - mu².
    List<double[]> gradients =
        new OneOp(1, 0)
            .run(
                new DivergenceBackward(new KlLearnedGaussian()),
                scalar(2),
                vector(3, 0),
                vector(0, Math.log(2)),
                scalar(0));
    assertThat(gradients.get(0)).containsExactly(6, 0);
    assertThat(gradients.get(1)).containsExactly(new double[] {0, 6}, within(1e-14));
    assertThat(gradients.get(2)).containsExactly(new double[] {-18 - 6}, within(1e-14));
  }
}
