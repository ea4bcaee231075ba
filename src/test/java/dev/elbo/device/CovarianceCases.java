package dev.elbo.device;

import static dev.elbo.device.Values.LOG_SIGMA;
import static dev.elbo.device.Values.NORMAL;

import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.CholeskyFactor;
import dev.elbo.graph.CholeskyFactorBackward;
import dev.elbo.graph.LogDeterminant;
import dev.elbo.graph.LogDeterminantBackward;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Factors of covariances and logarithms of determinants. */
final class CovarianceCases {
  private CovarianceCases() {}

  static List<OpCase> rows() {
    List<OpCase> rows = new ArrayList<>();
    for (int n : List.of(1, 2, 3, 7, 16, 17, 33, 65)) {
      Shape square = Shape.of(n, n);
      String size = "D=" + n;
      Operand logDiagonal = new Operand("log_diagonal", Shape.of(n), LOG_SIGMA);
      Operand positive = new Operand("a", square, Values.positiveDefinite(n));
      Operand dy = new Operand("dy", Shape.SCALAR, NORMAL);
      rows.add(
          OpCase.of(new CholeskyFactor(), size, new Operand("a", square, NORMAL), logDiagonal));
      rows.add(
          OpCase.of(
              new CholeskyFactorBackward(), size, new Operand("dl", square, NORMAL), logDiagonal));
      rows.add(OpCase.of(new LogDeterminant(), size, positive));
      rows.add(OpCase.of(new LogDeterminantBackward(), size, positive, dy));
    }
    return rows;
  }
}
