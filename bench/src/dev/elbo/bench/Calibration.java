package dev.elbo.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.elbo.device.cuda.CardRates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measured rates of a card, for {@link Floor}. */
final class Calibration {
  static final String COPY = "copy";
  static final String BF16 = "matrix product bf16";
  static final String F32 = "matrix product f32";
  static final String NORMALS = "normals fast form";

  /** The file of calibrations: quantity, rate. */
  static final List<String> HEADER = List.of("quantity", "rate_per_second");

  static final String FILE = "GpuCalibration.csv";

  private Calibration() {}

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
        rate(rates, COPY, CardRates.H200.copy()),
        rate(rates, BF16, CardRates.H200.bf16()),
        rate(rates, F32, CardRates.H200.f32()),
        rate(rates, NORMALS, CardRates.H200.normals()),
        CardRates.H200.multiprocessors());
  }

  private static double rate(Map<String, Double> rates, String name, double otherwise) {
    if (!rates.containsKey(name)) {
      System.err.printf("%s was not measured: %.3g a second is assumed%n", name, otherwise);
      return otherwise;
    }
    return Objects.requireNonNull(rates.get(name));
  }
}
