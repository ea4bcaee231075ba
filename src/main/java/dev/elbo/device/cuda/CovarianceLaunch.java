package dev.elbo.device.cuda;

import java.util.List;

/** Launches for factors of covariances and logarithms of determinants. */
final class CovarianceLaunch {
  private CovarianceLaunch() {}

  static List<Launch> factor(Binding b) {
    int elements = b.out(0).shape().elements();
    return List.of(
        b.launch(
            "cholesky_factor",
            Grid.ofElements(elements),
            elements,
            b.out(0).shape().columns(),
            b.in(0).address(),
            b.in(1).address(),
            b.out(0).address()));
  }

  static List<Launch> factorBackward(Binding b) {
    int elements = b.out(0).shape().elements();
    return List.of(
        b.launch(
            "cholesky_factor_backward",
            Grid.ofElements(elements),
            elements,
            b.out(0).shape().columns(),
            b.in(0).address(),
            b.in(1).address(),
            b.out(0).address(),
            b.out(1).address()));
  }

  static List<Launch> logDeterminant(Binding b) {
    int n = b.in(0).shape().rows();
    return List.of(
        b.launch(
            "log_determinant",
            new Grid(1, 1, 1, 256),
            n,
            b.in(0).address(),
            square(b, n),
            b.out(0).address()));
  }

  static List<Launch> logDeterminantBackward(Binding b) {
    int n = b.in(0).shape().rows();
    return List.of(
        b.launch(
            "log_determinant_backward",
            new Grid(1, 1, 1, 256),
            n,
            b.in(0).address(),
            b.in(1).address(),
            square(b, n),
            square(b, n),
            b.out(0).address()));
  }

  /** Room for a matrix in double precision. */
  private static Address square(Binding b, int n) {
    return b.workspace((long) Double.BYTES * n * n);
  }
}
