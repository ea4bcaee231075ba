package dev.elbo.device;

import static dev.elbo.device.Values.LOG_SIGMA;
import static dev.elbo.device.Values.MU;
import static dev.elbo.device.Values.NORMAL;
import static dev.elbo.device.Values.POSITIVE;
import static dev.elbo.device.Values.SOMETIMES_ZERO;

import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient;
import dev.elbo.graph.WeightGradient.FlipoutLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.LocalLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Linear layers of all estimators, their gradients, and sampling. */
final class MatrixCases {
  /** The sites of weights and of flipout's signs. */
  static final int SITE = 3;

  static final int INPUT_SIGNS = 4;
  static final int OUTPUT_SIGNS = 5;

  private static final List<Size> SIZES =
      List.of(
          new Size(1, 1, 1, 1),
          new Size(1, 3, 2, 1),
          new Size(5, 1, 7, 1),
          new Size(7, 5, 1, 2),
          new Size(3, 13, 11, 3),
          new Size(16, 15, 17, 2),
          new Size(15, 17, 16, 1),
          new Size(31, 33, 32, 1),
          new Size(33, 31, 32, 2),
          new Size(63, 65, 64, 1),
          new Size(65, 64, 63, 1),
          new Size(128, 127, 129, 1),
          new Size(127, 129, 128, 1),
          new Size(2, 257, 19, 4),
          new Size(5, 19, 259, 2),
          new Size(17, 384, 256, 1),
          new Size(259, 1025, 17, 1),
          new Size(257, 1024, 19, 2),
          new Size(2, 1023, 15, 2));

  /** B examples of K columns, S samples of weights [N, K]. */
  record Size(int b, int k, int n, int s) {
    Shape x(boolean shared) {
      return Shape.of(shared ? b : s * b, k);
    }

    Shape y() {
      return Shape.of(s * b, n);
    }

    Shape std(boolean shared) {
      return Shape.of(shared ? b : s * b, n);
    }

    Shape weights() {
      return Shape.of(n, k);
    }

    @Override
    public String toString() {
      return "B=" + b + " K=" + k + " N=" + n + " S=" + s;
    }
  }

  private final List<OpCase> rows = new ArrayList<>();

  private MatrixCases() {}

  static List<OpCase> rows() {
    MatrixCases cases = new MatrixCases();
    for (Size size : SIZES) {
      for (boolean shared : List.of(false, true)) {
        cases.deterministic(size, shared);
        cases.variational(size, shared, false);
        if (size.s % 2 == 0) {
          cases.variational(size, shared, true);
        }
      }
    }
    for (int n : List.of(1, 3, 16, 17, 31, 64, 129)) {
      for (int copies : List.of(1, 5)) {
        cases.vectorSamples(n, copies, new NoiseSite(SITE, 1, false));
        cases.vectorSamples(n, copies, new NoiseSite(SITE, 3, false));
        cases.vectorSamples(n, copies, new NoiseSite(SITE, 4, true));
      }
    }
    return cases.rows;
  }

  static Operand normal(String name, Shape shape) {
    return new Operand(name, shape, NORMAL);
  }

  private static Operand mu(Shape shape) {
    return new Operand("mu", shape, MU);
  }

  private static Operand logSigma(Shape shape) {
    return new Operand("log_sigma", shape, LOG_SIGMA);
  }

  private void deterministic(Size size, boolean shared) {
    String variant = size + (shared ? " shared" : "");
    Operand x = normal("x", size.x(shared));
    Operand w = normal("w", Shape.of(size.s * size.n, size.k));
    Operand dy = normal("dy", size.y());
    rows.add(OpCase.of(new Linear(size.s, shared), variant, x, w));
    rows.add(OpCase.of(new LinearBackwardInput(size.s, shared), variant, dy, w));
    rows.add(OpCase.of(new LinearBackwardWeight(size.s, shared), variant, x, dy));
  }

  private void variational(Size size, boolean shared, boolean antithetic) {
    NoiseSite noise = new NoiseSite(SITE, size.s, antithetic);
    String variant = size + (shared ? " shared" : "") + (antithetic ? " antithetic" : "");
    Operand x = normal("x", size.x(shared));
    Operand dy = normal("dy", size.y());
    Operand std = new Operand("std", size.std(shared), POSITIVE);
    Operand holes = new Operand("std", size.std(shared), SOMETIMES_ZERO);
    Operand mu = mu(size.weights());
    Operand logSigma = logSigma(size.weights());
    VariationalLinear naive = new VariationalLinear(noise, shared);
    LocalLinear local = new LocalLinear(noise, shared);
    FlipoutLinear flipout = new FlipoutLinear(noise, INPUT_SIGNS, OUTPUT_SIGNS, shared);
    rows.add(OpCase.of(naive, variant, x, mu, logSigma));
    rows.add(OpCase.of(naive, variant, x, mu, logSigma).from(2));
    rows.add(OpCase.of(local, variant, x, mu, logSigma).from(2));
    rows.add(OpCase.of(flipout, variant, x, mu, logSigma).from(2));
    rows.add(
        OpCase.of(new VariationalLinearBackwardInput(noise, shared), variant, dy, mu, logSigma));
    LocalLinearBackwardInput localInput = new LocalLinearBackwardInput(noise, shared);
    rows.add(OpCase.of(localInput, variant, dy, std, x, mu, logSigma));
    rows.add(OpCase.of(localInput, variant + " holes", dy, holes, x, mu, logSigma));
    rows.add(OpCase.of(new FlipoutLinearBackwardInput(flipout), variant, dy, mu, logSigma).from(2));
    for (WeightGradient gradient : weightGradients(noise, shared)) {
      rows.add(
          OpCase.of(gradient, variant, operands(gradient, size, shared).toArray(Operand[]::new)));
    }
    rows.add(
        OpCase.of(
            new LocalLinearBackwardWeight(noise, shared),
            variant + " holes",
            x,
            dy,
            holes,
            mu,
            logSigma));
    if (!shared) {
      rows.add(OpCase.of(new Sample(noise, 1), variant, mu, logSigma));
    }
  }

  private void vectorSamples(int n, int copies, NoiseSite noise) {
    String variant =
        "N="
            + n
            + " copies="
            + copies
            + " S="
            + noise.samples()
            + (noise.antithetic() ? " antithetic" : "");
    Operand mu = mu(Shape.of(n));
    Operand logSigma = logSigma(Shape.of(n));
    Operand dw = normal("dw", Shape.of(noise.samples() * copies, n));
    rows.add(OpCase.of(new Sample(noise, copies), variant, mu, logSigma));
    rows.add(OpCase.of(new SampleBackward(noise, copies), variant, dw, mu, logSigma).from(2));
  }

  /** The weight gradients of a matrix, one an estimator. */
  static List<WeightGradient> weightGradients(NoiseSite noise, boolean shared) {
    return List.of(
        new VariationalLinearBackwardWeight(noise, shared),
        new LocalLinearBackwardWeight(noise, shared),
        new FlipoutLinearBackwardWeight(
            new FlipoutLinear(noise, INPUT_SIGNS, OUTPUT_SIGNS, shared)),
        new SampleBackward(noise, 1));
  }

  /** What a weight gradient reads, ending with mu and log_sigma. */
  static List<Operand> operands(WeightGradient gradient, Size size, boolean shared) {
    Operand x = normal("x", size.x(shared));
    Operand dy = normal("dy", size.y());
    Operand mu = mu(size.weights());
    Operand logSigma = logSigma(size.weights());
    return switch (gradient) {
      case VariationalLinearBackwardWeight naive -> List.of(x, dy, mu, logSigma);
      case FlipoutLinearBackwardWeight flipout -> List.of(x, dy, mu, logSigma);
      case LocalLinearBackwardWeight local ->
          List.of(x, dy, new Operand("std", size.std(shared), POSITIVE), mu, logSigma);
      case SampleBackward sample ->
          List.of(normal("dw", Shape.of(size.s * size.n, size.k)), mu, logSigma);
    };
  }
}
