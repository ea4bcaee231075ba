package dev.elbo.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Means and standard errors over splits beside published ones.
 *
 * @param rows a row for each data set and metric
 */
record UciTable(List<List<String>> rows) {
  private static final List<String> METHODS =
      List.of(
          "VI (Graves 2011)", "PBP", "MC-dropout (10x epochs, 1 layer)", "Deep Ensembles (M=5)");

  static final List<String> HEADER = header();

  private static List<String> header() {
    List<String> header =
        new ArrayList<>(List.of("dataset", "metric", "splits", "elbo_mean", "elbo_standard_error"));
    header.addAll(METHODS);
    return List.copyOf(header);
  }

  static UciTable of(List<UciResult> results, Path published) throws IOException {
    Map<String, List<UciResult>> ofSet = new LinkedHashMap<>();
    results.forEach(r -> ofSet.computeIfAbsent(r.dataset(), k -> new ArrayList<>()).add(r));
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, List<UciResult>> set : ofSet.entrySet()) {
      rows.add(row(set.getKey(), "rmse", set.getValue(), UciResult::rmse, published));
      rows.add(row(set.getKey(), "ll", set.getValue(), UciResult::logLikelihood, published));
    }
    return new UciTable(rows);
  }

  private static List<String> row(
      String dataset,
      String metric,
      List<UciResult> results,
      ToDoubleFunction<UciResult> value,
      Path published)
      throws IOException {
    double[] values = results.stream().mapToDouble(value).toArray();
    double mean = 0;
    for (double v : values) {
      mean += v / values.length;
    }
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    double error = Math.sqrt(squares / (values.length - 1) / values.length);
    List<String> row =
        new ArrayList<>(
            List.of(
                dataset,
                metric,
                String.valueOf(values.length),
                String.format(Locale.ROOT, "%.4f", mean),
                String.format(Locale.ROOT, "%.4f", error)));
    for (String method : METHODS) {
      row.add(published(published, dataset, method, metric));
    }
    return row;
  }

  private static String published(Path file, String dataset, String method, String metric)
      throws IOException {
    try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
      for (NamedCsvRecord record : csv) {
        if (record.getField("dataset").equals(dataset)
            && record.getField("method").equals(method)
            && record.getField("metric").equals(metric)) {
          return record.getField("mean") + " ± " + record.getField("plus_minus");
        }
      }
    }
    throw new IllegalStateException(
        "%s has no %s of %s on %s".formatted(file, metric, method, dataset));
  }
}
