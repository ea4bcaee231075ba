package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Autoencoder;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bounds of models with latent variables: their gradients, and where they lie. */
class DataTermTest {
  private static final int INPUTS = 5;
  private static final int EXAMPLES = 3;

  /** Of the five-point quotient; its truncation error is STEP⁴ f⁽⁵⁾ / 30. */
  private static final double STEP = 1e-4;

  /** Relative error of a slope; measured 3.3e-10. */
  private static final double SLOPE = 3e-9;

  static Objective objective(LatentBound bound, int samples) {
    return new Objective(new Sampling(Estimator.NAIVE, samples, false), 1, 0, bound, 0);
  }

  private static Objective weighted(int samples, double freeBits) {
    Sampling sampling = new Sampling(Estimator.NAIVE, samples, false);
    return new Objective(sampling, 0.7, 0, LatentBound.ELBO, freeBits);
  }

  private static Network network(
      List<Integer> latents, Likelihood likelihood, Optional<GaussianPosterior> weights) {
    return Autoencoder.of(
        INPUTS, List.of(4), latents, Function.TANH, likelihood, weights, new Prior.Gaussian(1));
  }

  static Stream<Arguments> losses() {
    Likelihood bernoulli = new Likelihood.Bernoulli(INPUTS);
    Likelihood learned = new Likelihood.GaussianLearned(INPUTS, 0.5);
    Likelihood each = new Likelihood.GaussianHeteroscedastic(INPUTS);
    Optional<GaussianPosterior> points = Optional.empty();
    Optional<GaussianPosterior> drawn = Optional.of(new GaussianPosterior(-2));
    return Stream.of(
        Arguments.of(network(List.of(2), bernoulli, points), weighted(1, 0)),
        Arguments.of(network(List.of(2), learned, points), weighted(3, 0)),
        Arguments.of(network(List.of(2), each, points), weighted(2, 0)),
        Arguments.of(network(List.of(2), bernoulli, drawn), weighted(3, 0)),
        Arguments.of(network(List.of(3, 2), bernoulli, points), weighted(1, 0)),
        Arguments.of(network(List.of(3, 2), bernoulli, points), weighted(3, 0)),
        Arguments.of(network(List.of(2, 3, 1), learned, drawn), weighted(2, 0)),
        Arguments.of(network(List.of(4), bernoulli, points), weighted(2, 0.15)),
        Arguments.of(network(List.of(3, 2), bernoulli, points), weighted(2, 0.15)),
        Arguments.of(network(List.of(2), bernoulli, points), objective(LatentBound.IWAE, 4)),
        Arguments.of(network(List.of(2), each, points), objective(LatentBound.IWAE, 1)),
        Arguments.of(network(List.of(3, 2), learned, points), objective(LatentBound.IWAE, 4)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientsAgreeWithCentralDifferences(Network network, Objective objective) {
    SplittableRandom random = new SplittableRandom(3);
    double[] x = random.doubles(EXAMPLES * INPUTS).map(Math::round).toArray();
    try (LatentLoss loss = new LatentLoss(network, objective, x)) {
      loss.parameters()
          .values()
          .forEach(
              values -> {
                for (int i = 0; i < values.length; i++) {
                  values[i] += 0.3 * random.nextGaussian();
                }
              });
      for (String name : loss.parameters().keySet()) {
        double[] values = loss.parameters().get(name);
        double[] direction = random.doubles(values.length, -1, 1).toArray();
        loss.run(1);
        double[] gradient = loss.gradient(name);
        double expected = 0;
        double size = 0;
        for (int i = 0; i < values.length; i++) {
          expected += gradient[i] * direction[i];
          size += Math.abs(gradient[i] * direction[i]);
        }
        assertThat(slope(loss, values, direction))
            .as(name)
            .isCloseTo(expected, within(SLOPE * (size + 1e-2)));
      }
    }
  }

  private static double slope(LatentLoss loss, double[] values, double[] direction) {
    double near = at(loss, values, direction, STEP) - at(loss, values, direction, -STEP);
    double far = at(loss, values, direction, 2 * STEP) - at(loss, values, direction, -2 * STEP);
    return (8 * near - far) / (12 * STEP);
  }

  private static double at(LatentLoss loss, double[] values, double[] direction, double step) {
    double[] saved = values.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += step * direction[i];
    }
    loss.run(1);
    System.arraycopy(saved, 0, values, 0, values.length);
    return loss.loss();
  }

  static Stream<LinearLatents> models() {
    return Stream.of(LinearLatents.oneLayer(), LinearLatents.twoLayers());
  }

  /** p(x, z) / q(z | x) is p(x) whatever z is. */
  @ParameterizedTest
  @MethodSource("models")
  void underTheExactPosteriorEveryWeightIsTheEvidence(LinearLatents model) {
    int samples = 5;
    int examples = model.logEvidence().length;
    try (LatentLoss loss = model.loss(objective(LatentBound.IWAE, samples), 0)) {
      loss.run(1);
      double[] weights = loss.logWeights();
      assertThat(weights).hasSize(samples * examples);
      for (int row = 0; row < weights.length; row++) {
        assertThat(weights[row]).isCloseTo(model.logEvidence()[row % examples], within(1e-12));
      }
      assertThat(loss.loss()).isCloseTo(-model.meanLogEvidence(), within(1e-12));
    }
  }

  /** Mean and standard error of the bound over draws of the noise. */
  private record Estimate(double mean, double error) {
    static Estimate of(LinearLatents model, Objective objective, double off, int runs) {
      double sum = 0;
      double squares = 0;
      try (LatentLoss loss = model.loss(objective, off)) {
        for (int step = 1; step <= runs; step++) {
          loss.run(step);
          sum -= loss.loss();
          squares += loss.loss() * loss.loss();
        }
      }
      double mean = sum / runs;
      return new Estimate(mean, Math.sqrt((squares / runs - mean * mean) / runs));
    }

    double margin() {
      return 4 * error;
    }
  }

  /** Burda et al. 2016, theorem 1. */
  @ParameterizedTest
  @MethodSource("models")
  void theBoundRisesToTheEvidence(LinearLatents model) {
    double off = 0.3;
    Estimate elbo = Estimate.of(model, objective(LatentBound.ELBO, 1), off, 1500);
    Estimate one = Estimate.of(model, objective(LatentBound.IWAE, 1), off, 1500);
    Estimate five = Estimate.of(model, objective(LatentBound.IWAE, 5), off, 800);
    Estimate fifty = Estimate.of(model, objective(LatentBound.IWAE, 50), off, 300);
    double evidence = model.meanLogEvidence();
    assertThat(one.mean).isCloseTo(elbo.mean, within(one.margin() + elbo.margin()));
    assertThat(five.mean).isGreaterThan(one.mean + one.margin() + five.margin());
    assertThat(fifty.mean).isGreaterThan(five.mean + five.margin() + fifty.margin());
    assertThat(fifty.mean).isLessThan(evidence + fifty.margin());
    assertThat(evidence - fifty.mean).isLessThan(0.1 * (evidence - one.mean));
  }

  /** The estimate of log p(x) by importance sampling, with the error that its weights tell. */
  @ParameterizedTest
  @MethodSource("models")
  void manyWeightsGiveTheEvidence(LinearLatents model) {
    int samples = 20_000;
    int examples = model.logEvidence().length;
    try (LatentLoss loss = model.loss(objective(LatentBound.IWAE, samples), 0.1)) {
      loss.run(1);
      double[] logWeights = loss.logWeights();
      for (int n = 0; n < examples; n++) {
        double sum = 0;
        double squares = 0;
        for (int s = 0; s < samples; s++) {
          double weight = Math.exp(logWeights[s * examples + n] - model.logEvidence()[n]);
          sum += weight;
          squares += weight * weight;
        }
        double mean = sum / samples;
        double error = Math.sqrt((squares / samples - mean * mean) / samples);
        assertThat(mean)
            .as("p(x) of example %d, over the exact", n)
            .isCloseTo(1, within(4 * error));
        assertThat(error).isLessThan(0.02);
      }
    }
  }

  /** ELBO = log p(x) - KL(q || p(z | x)), of Gaussians that differ in mean and scale. */
  @Test
  void theGapOfTheElboIsTheDivergenceFromThePosterior() {
    LinearLatents model = LinearLatents.oneLayer();
    double off = 0.3;
    double[] bias = model.parameters().get("0.q.bias");
    double gap = 0;
    for (int d = 0; d < 2; d++) {
      double variance = Math.exp(2 * bias[2 + d]);
      gap += 0.5 * (Math.exp(2 * off) + off * off / variance - 1) - off;
    }
    Estimate elbo = Estimate.of(model, objective(LatentBound.ELBO, 10), off, 2000);
    assertThat(model.meanLogEvidence() - elbo.mean).isCloseTo(gap, within(elbo.margin()));
    assertThat(elbo.margin()).isLessThan(0.05 * gap);
  }

  /** KL to Normal(0, 1) in closed form, and a floor for each dimension's mean over the batch. */
  @Test
  void freeBitsAreAFloorOfEveryDimension() {
    LinearLatents model = LinearLatents.oneLayer();
    double[] divergences = divergences(model);
    double total = divergences[0] + divergences[1];
    double between = 0.5 * total;
    double floored = Math.max(between, divergences[0]) + Math.max(between, divergences[1]);
    assertThat(floored).isGreaterThan(total + 0.01);
    for (double[] free : new double[][] {{0, total}, {between, floored}, {9, 18}}) {
      try (LatentLoss loss = model.loss(weighted(2, free[0]), 0)) {
        loss.run(1);
        double nll = loss.output("nll")[0];
        assertThat(loss.output("latent_kl")[0]).isCloseTo(total, within(1e-12));
        assertThat(loss.loss()).isCloseTo(nll + 0.7 * free[1], within(1e-12));
      }
    }
  }

  private static double[] divergences(LinearLatents model) {
    double[] result = new double[2];
    double[] weight = model.parameters().get("0.q.weight");
    double[] bias = model.parameters().get("0.q.bias");
    int examples = model.logEvidence().length;
    for (int n = 0; n < examples; n++) {
      for (int d = 0; d < 2; d++) {
        double mean = bias[d];
        for (int i = 0; i < 3; i++) {
          mean += weight[3 * d + i] * LinearLatents.X[3 * n + i];
        }
        double variance = Math.exp(2 * bias[2 + d]);
        result[d] += 0.5 * (variance + mean * mean - 1 - Math.log(variance)) / examples;
      }
    }
    return result;
  }

  @Test
  void importanceWeightsNeedLatentVariables() {
    Network classes =
        Mlp.deterministic(INPUTS, List.of(), Function.RELU, new Likelihood.Bernoulli(INPUTS));
    assertThatThrownBy(() -> loss(classes, LatentBound.IWAE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an importance-weighted bound needs latent variables, this network has none");
  }

  @Test
  void importanceWeightsNeedWeightsThatArePoints() {
    Network bayesian =
        network(
            List.of(2), new Likelihood.Bernoulli(INPUTS), Optional.of(GaussianPosterior.DEFAULT));
    assertThatThrownBy(() -> loss(bayesian, LatentBound.DREG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an importance-weighted bound needs weights learned as points");
  }

  private static void loss(Network network, LatentBound bound) {
    new LatentLoss(network, objective(bound, 2), new double[INPUTS]).close();
  }
}
