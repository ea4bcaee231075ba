package dev.elbo.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a card can do at most, a second: the denominators of {@link Floor}.
 *
 * @param copy bytes read plus bytes written by a large copy
 * @param bf16 floating-point operations of a large bf16 matrix product
 * @param f32 the same in float32
 * @param normals standard normals drawn in the fastest form and not stored
 */
record CardRates(double copy, double bf16, double f32, double normals) {
  static final String COPY = "copy";
  static final String BF16 = "matrix product bf16";
  static final String F32 = "matrix product f32";
  static final String NORMALS = "normals fast form";

  /** The file of calibrations: quantity, rate. */
  static final List<String> HEADER = List.of("quantity", "rate_per_second");

  static final String FILE = "GpuCalibration.csv";

  /**
   * An H200: copy and bf16 as measured on such a card, float32 by its datasheet, normals by the
   * special-function unit at 16 lanes a clock and multiprocessor, which Box-Muller keeps busy for
   * two results each.
   */
  static final CardRates H200 = new CardRates(4.3e12, 790e12, 67e12, 132 * 1.755e9 * 8);

  /** The last calibration in a folder of results; where it lacks a rate, that of an H200. */
  static CardRates in(Path results) throws IOException {
    Map<String, Double> rates = new HashMap<>();
    Path file = results.resolve(FILE);
    if (Files.exists(file)) {
      try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
        csv.forEach(
            row ->
                rates.put(
                    row.getField(HEADER.getFirst()),
                    Double.valueOf(row.getField(HEADER.getLast()))));
      }
    }
    return new CardRates(
        rate(rates, COPY, H200.copy),
        rate(rates, BF16, H200.bf16),
        rate(rates, F32, H200.f32),
        rate(rates, NORMALS, H200.normals));
  }

  private static double rate(Map<String, Double> rates, String name, double otherwise) {
    if (!rates.containsKey(name)) {
      System.err.printf("%s was not measured: %.3g a second is assumed%n", name, otherwise);
      return otherwise;
    }
    return Objects.requireNonNull(rates.get(name));
  }
}
