package dev.elbo.device.reference;

import static dev.elbo.device.reference.OneOp.first;
import static dev.elbo.device.reference.OneOp.matrix;
import static dev.elbo.device.reference.OneOp.scalar;
import static dev.elbo.device.reference.OneOp.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.reference.OneOp.In;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.Function;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LogLikelihood.Bernoulli;
import dev.elbo.graph.LogLikelihood.Categorical;
import dev.elbo.graph.LogLikelihood.Gaussian;
import dev.elbo.graph.LogLikelihood.Poisson;
import dev.elbo.graph.LogLikelihood.StudentT;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Rearrangement.Concatenate;
import dev.elbo.graph.Rearrangement.Fill;
import dev.elbo.graph.Rearrangement.GatherRows;
import dev.elbo.graph.Rearrangement.PadColumns;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Rearrangement.SliceColumns;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.Reduction.SampleMoments;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Reduction.SumRepeats;
import dev.elbo.graph.Reduction.SumRows;
import dev.elbo.graph.Sample;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.random.Noise;
import dev.elbo.tensor.Shape;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Known answers of the forward operations, worked out by hand or from textbook formulas. */
class ReferenceOpTest {
  /** A few roundings of numbers of size 1 to 10. */
  private static final Offset<Double> ROUNDING = within(1e-14);

  private static final double LOG_TWO_PI = 1.8378770664093453;

  @Test
  void functions() {
    double x = Math.log(3);
    assertThat(unary(Function.RELU, -2, 0, 3)).containsExactly(0, 0, 3);
    // Phi(1), from tables of the normal distribution.
    assertThat(unary(Function.GELU, 1, -1, 0))
        .containsExactly(new double[] {0.8413447460685429, -0.15865525393145707, 0}, ROUNDING);
    assertThat(unary(Function.TANH, x)).containsExactly(new double[] {0.8}, ROUNDING);
    assertThat(unary(Function.SIGMOID, x, -x)).containsExactly(new double[] {0.75, 0.25}, ROUNDING);
    assertThat(unary(Function.SOFTPLUS, 0, x, 800, -800))
        .containsExactly(new double[] {Math.log(2), Math.log(4), 800, 0}, ROUNDING);
    assertThat(unary(Function.EXP, x)).containsExactly(new double[] {3}, ROUNDING);
    assertThat(unary(Function.SQUARE, -3)).containsExactly(9);
    assertThat(unary(Function.SQRT, 9)).containsExactly(3);
  }

  private static double[] unary(Function function, double... x) {
    return first(new Unary(function), vector(x));
  }

  @Test
  void arithmetic() {
    assertThat(first(new Add(), vector(1, 2), vector(10, 20))).containsExactly(11, 22);
    assertThat(first(new Add(), vector(1, 2), scalar(10))).containsExactly(11, 12);
    assertThat(first(new Multiply(), vector(1, 2), vector(10, 20))).containsExactly(10, 40);
    assertThat(first(new Multiply(), vector(1, 2), scalar(10))).containsExactly(10, 20);
    assertThat(first(new Scale(-3), vector(1, 2))).containsExactly(-3, -6);
    // Four rows in two groups.
    assertThat(first(new AddBias(), matrix(1, 1, 2, 3, 4), matrix(1, 10, 20)))
        .containsExactly(11, 12, 23, 24);
    assertThat(first(new AddBias(), matrix(2, 1, 2, 3, 4), vector(10, 20)))
        .containsExactly(11, 22, 13, 24);
  }

  @Test
  void rearrangements() {
    In x = matrix(3, 1, 2, 3, 4, 5, 6);
    assertThat(first(new Concatenate(), x, matrix(1, 7, 8)))
        .containsExactly(1, 2, 3, 7, 4, 5, 6, 8);
    assertThat(first(new SliceColumns(1, 2), x)).containsExactly(2, 3, 5, 6);
    assertThat(first(new PadColumns(1, 3), matrix(1, 7, 8))).containsExactly(0, 7, 0, 0, 8, 0);
    assertThat(first(new RepeatRows(2), x)).containsExactly(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6);
    assertThat(first(new GatherRows(), x, vector(1, 0, 1)))
        .containsExactly(4, 5, 6, 1, 2, 3, 4, 5, 6);
    assertThat(first(new Fill(Shape.of(2)), scalar(7))).containsExactly(7, 7);
  }

  @Test
  void reductions() {
    In x = matrix(2, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(first(new Sum(), x)).containsExactly(36);
    assertThat(first(new SumRows(Shape.of(2, 2)), x)).containsExactly(4, 6, 12, 14);
    assertThat(first(new SumRows(Shape.of(2)), x)).containsExactly(16, 20);
    assertThat(first(new SumRepeats(2), x)).containsExactly(6, 8, 10, 12);
    List<double[]> moments = new OneOp(1, 0).run(new SampleMoments(2), x);
    assertThat(moments.get(0)).containsExactly(3, 4, 5, 6);
    assertThat(moments.get(1)).containsExactly(4, 4, 4, 4);
    // Norms 5 and 13 of (3, 4) and (3, 4, 12).
    assertThat(first(new ClipFactor(1), vector(3, 4))).containsExactly(0.2);
    assertThat(first(new ClipFactor(6.5), vector(3, 4), scalar(12))).containsExactly(0.5);
    assertThat(first(new ClipFactor(6), vector(3, 4))).containsExactly(1);
    assertThat(first(new ClipFactor(6), vector(0, 0))).containsExactly(1);
  }

  @Test
  void linearLayers() {
    In w = matrix(2, 1, 2, 3, 4); // two samples of one output
    In x = matrix(2, 10, 1, 20, 2);
    assertThat(first(new Linear(1, false), x, w)).containsExactly(12, 34, 24, 68);
    assertThat(first(new Linear(2, false), x, w)).containsExactly(12, 68);
    assertThat(first(new Linear(2, true), x, w)).containsExactly(12, 24, 34, 68);
    In dy = matrix(1, 1, 2, 3, 4);
    assertThat(first(new LinearBackwardInput(2, true), dy, w)).containsExactly(10, 14, 14, 20);
    assertThat(first(new LinearBackwardInput(2, false), dy, w))
        .containsExactly(1, 2, 2, 4, 9, 12, 12, 16);
    assertThat(first(new LinearBackwardWeight(2, true), x, dy)).containsExactly(50, 5, 110, 11);
  }

  /** Everything below: 2 samples as an antithetic pair, numbers 4 and 5 of step 9, address 2. */
  private static final NoiseSite PAIR = new NoiseSite(6, 2, true);

  private static final OneOp RUN = new OneOp(9, 4);
  private static final In X = matrix(3, 0.5, -1, 2, 1.5, 0, -0.25);
  private static final In MU = matrix(3, 0.1, 0.2, 0.3, -0.4, 0.5, -0.6);
  private static final In LOG_SIGMA = matrix(3, -1, -2, -3, 0, -0.5, -1.5);

  private static double sigma(int n, int k) {
    return Math.exp(LOG_SIGMA.values()[n * 3 + k]);
  }

  private static double mu(int n, int k) {
    return MU.values()[n * 3 + k];
  }

  private static double x(int b, int k) {
    return X.values()[b * 3 + k];
  }

  /** y[s][b][n] by a formula in each. */
  private interface Element {
    double of(int sign, int b, int n);
  }

  private static double[] expected(Element element) {
    double[] y = new double[8];
    for (int s = 0; s < 2; s++) {
      for (int b = 0; b < 2; b++) {
        for (int n = 0; n < 2; n++) {
          y[(s * 2 + b) * 2 + n] = element.of(s == 0 ? 1 : -1, b, n);
        }
      }
    }
    return y;
  }

  @Test
  void variationalLinear() {
    Noise noise = new Noise(OneOp.SEED, 6, 2, 9);
    double[] y =
        expected(
            (sign, b, n) -> {
              double sum = 0;
              for (int k = 0; k < 3; k++) {
                sum += x(b, k) * (mu(n, k) + sign * sigma(n, k) * noise.matrix(n, k));
              }
              return sum;
            });
    assertThat(RUN.run(new VariationalLinear(PAIR, true), X, MU, LOG_SIGMA).getFirst())
        .containsExactly(y, ROUNDING);
  }

  @Test
  void localLinear() {
    Noise noise = new Noise(OneOp.SEED, 6, 2, 9);
    double[] y =
        expected(
            (sign, b, n) -> {
              double mean = 0;
              double variance = 0;
              for (int k = 0; k < 3; k++) {
                mean += x(b, k) * mu(n, k);
                variance += Math.pow(x(b, k) * sigma(n, k), 2);
              }
              return mean + sign * Math.sqrt(variance) * noise.linear(b * 2 + n);
            });
    List<double[]> results = RUN.run(new LocalLinear(PAIR, true), X, MU, LOG_SIGMA);
    assertThat(results.getFirst()).containsExactly(y, ROUNDING);
    // std of example 0: (0.5 e^-1, 1 e^-2, 2 e^-3).
    double std = Math.sqrt(0.25 * Math.exp(-2) + Math.exp(-4) + 4 * Math.exp(-6));
    assertThat(results.get(1)).hasSize(4);
    assertThat(results.get(1)[0]).isCloseTo(std, ROUNDING);
  }

  @Test
  void flipoutLinear() {
    Noise noise = new Noise(OneOp.SEED, 6, 2, 9);
    Noise r = new Noise(OneOp.SEED, 7, 2, 9);
    Noise t = new Noise(OneOp.SEED, 8, 2, 9);
    double[] y =
        expected(
            (sign, b, n) -> {
              double mean = 0;
              double flipped = 0;
              for (int k = 0; k < 3; k++) {
                mean += x(b, k) * mu(n, k);
                flipped += x(b, k) * r.sign(b * 3 + k) * sigma(n, k) * sign * noise.matrix(n, k);
              }
              return mean + flipped * t.sign(b * 2 + n);
            });
    assertThat(RUN.run(new FlipoutLinear(PAIR, 7, 8, true), X, MU, LOG_SIGMA).getFirst())
        .containsExactly(y, ROUNDING);
  }

  @Test
  void samples() {
    Noise noise = new Noise(OneOp.SEED, 6, 2, 9);
    double[] w = RUN.run(new Sample(PAIR, 1), MU, LOG_SIGMA).getFirst();
    assertThat(w).hasSize(12);
    assertThat(w[1]).isCloseTo(0.2 + Math.exp(-2) * noise.matrix(0, 1), ROUNDING);
    assertThat(w[6 + 1]).isCloseTo(0.2 - Math.exp(-2) * noise.matrix(0, 1), ROUNDING);
    double[] copies = RUN.run(new Sample(PAIR, 3), vector(1, 2), vector(0, 0)).getFirst();
    assertThat(copies).hasSize(12);
    assertThat(copies[2 * 2 + 1]).isCloseTo(2 + noise.linear(5), ROUNDING);
    assertThat(copies[6 + 2 * 2 + 1]).isCloseTo(2 - noise.linear(5), ROUNDING);
    // Not antithetic: samples 4 and 5 have addresses of their own.
    double[] plain =
        RUN.run(new Sample(new NoiseSite(6, 2, false), 1), vector(0), vector(0)).getFirst();
    assertThat(plain)
        .containsExactly(
            new Noise(OneOp.SEED, 6, 4, 9).linear(0), new Noise(OneOp.SEED, 6, 5, 9).linear(0));
  }

  @Test
  void categorical() {
    In logits = matrix(3, 0, Math.log(2), Math.log(3), 1000, 0, 1000);
    assertThat(first(new Categorical(), logits, matrix(1, 2, 0)))
        .containsExactly(new double[] {Math.log(0.5), Math.log(0.5)}, ROUNDING);
    // Two samples of one example.
    assertThat(first(new Categorical(), logits, matrix(1, 1)))
        .containsExactly(new double[] {Math.log(1 / 3.0), -1000 - Math.log(2)}, within(1e-12));
  }

  @Test
  void bernoulli() {
    assertThat(first(new Bernoulli(), matrix(2, Math.log(3), -Math.log(3)), matrix(2, 1, 0)))
        .containsExactly(new double[] {2 * Math.log(0.75)}, ROUNDING);
  }

  @Test
  void gaussian() {
    // N(3; 1, 2²) · N(0; 0, 1), then the second row with its own scale 1: N(3; 1, 1).
    double first = -0.5 - Math.log(2) - LOG_TWO_PI;
    assertThat(first(new Gaussian(), matrix(2, 1, 0), matrix(2, Math.log(2), 0), matrix(2, 3, 0)))
        .containsExactly(new double[] {first}, ROUNDING);
    assertThat(first(new Gaussian(), matrix(1, 1, 1), matrix(1, Math.log(2), 0), matrix(1, 3, 3)))
        .containsExactly(
            new double[] {-0.5 - Math.log(2) - LOG_TWO_PI / 2, -2 - LOG_TWO_PI / 2}, ROUNDING);
  }

  @Test
  void studentT() {
    // One degree of freedom is Cauchy: 1 / (pi scale (1 + z²)) with z = 1, scale 2.
    assertThat(first(new StudentT(1), matrix(1, 1), matrix(1, Math.log(2)), matrix(1, 3)))
        .containsExactly(new double[] {-Math.log(4 * Math.PI)}, ROUNDING);
    // Two degrees of freedom: (2 + t²)^(-3/2), here at t = 1.
    assertThat(first(new StudentT(2), matrix(1, 0), matrix(1, 0), matrix(1, 1)))
        .containsExactly(new double[] {-1.5 * Math.log(3)}, ROUNDING);
  }

  @Test
  void poisson() {
    // e^-2 2³ / 3!, and e^-2 for a count of 0.
    assertThat(first(new Poisson(), matrix(1, Math.log(2), Math.log(2)), matrix(1, 3, 0)))
        .containsExactly(new double[] {-2 + Math.log(8 / 6.0), -2}, ROUNDING);
  }
}
