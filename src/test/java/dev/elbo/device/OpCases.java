package dev.elbo.device;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The one table of operations x shapes, which the tests of all devices and the benchmarks share.
 *
 * <p>Its sizes are 1, odd numbers, primes, and those around 16, 32, 64 and 128, where tiles and
 * vectors end. The system property {@code elbo.op} limits the rows to those of one operation.
 */
public final class OpCases {
  private OpCases() {}

  /**
   * The rows, of the operation that {@code elbo.op} names or of all; of these every n-th where
   * {@code elbo.every} is n.
   */
  public static List<OpCase> all() {
    String only = System.getProperty("elbo.op", "");
    int step = Integer.getInteger("elbo.every", 1);
    List<OpCase> rows =
        complete().filter(row -> only.isEmpty() || row.op().name().startsWith(only)).toList();
    return IntStream.iterate(0, i -> i < rows.size(), i -> i + step).mapToObj(rows::get).toList();
  }

  /** The rows of all operations. */
  static Stream<OpCase> complete() {
    return Stream.of(
            ElementwiseCases.rows(),
            MatrixCases.rows(),
            NoiseCases.rows(),
            CovarianceCases.rows(),
            SequenceCases.rows(),
            DensityCases.rows(),
            UpdateCases.rows(),
            FusedUpdateCases.rows())
        .flatMap(List::stream);
  }
}
