package dev.elbo.bench;

import java.util.List;
import java.util.Locale;

/**
 * What one split gave.
 *
 * @param candidate what was chosen on validation rows
 * @param validation its log-likelihood there
 * @param rmse on the test rows, in the target's units
 * @param logLikelihood the mean on the test rows, nats in the target's units
 */
record UciResult(
    String dataset,
    int split,
    String candidate,
    double validation,
    double rmse,
    double logLikelihood) {
  static final List<String> HEADER =
      List.of(
          "dataset",
          "split",
          "candidate",
          "validation_log_likelihood",
          "test_rmse",
          "test_log_likelihood");

  /** The cells of a results file. */
  List<String> cells() {
    return List.of(
        dataset,
        String.valueOf(split),
        candidate,
        String.format(Locale.ROOT, "%.6f", validation),
        String.format(Locale.ROOT, "%.6f", rmse),
        String.format(Locale.ROOT, "%.6f", logLikelihood));
  }
}
