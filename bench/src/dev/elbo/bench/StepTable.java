package dev.elbo.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints the step times of a folder of results, all implementations of a case side by side: the
 * mean of its medians, for each is measured before and after the others.
 */
public final class StepTable {
  private static final List<String> FILES =
      List.of("GpuStep.csv", "UnfusedStep.csv", "PyTorchStep.csv");

  private StepTable() {}

  /** Argument: the folder. */
  public static void main(String[] args) throws IOException {
    Map<String, Map<String, List<Double>>> medians = new LinkedHashMap<>();
    Map<String, String> floors = new LinkedHashMap<>();
    for (String file : FILES) {
      for (NamedCsvRecord row : rows(Path.of(args[0]).resolve(file))) {
        String step = StepCase.HEADER.stream().map(row::getField).collect(Collectors.joining(" "));
        medians
            .computeIfAbsent(step, s -> new LinkedHashMap<>())
            .computeIfAbsent(row.getField(StepResults.IMPLEMENTATION), s -> new ArrayList<>())
            .add(Double.valueOf(row.getField(StepTimes.HEADER.getFirst())));
        row.findField(StepResults.FLOOR).ifPresent(floor -> floors.put(step, floor));
      }
    }
    System.out.printf("%-38s %-26s %12s %9s%n", "step", "", "us", "of floor");
    medians.forEach((step, times) -> print(step, times, floors.get(step)));
  }

  private static List<NamedCsvRecord> rows(Path file) throws IOException {
    List<NamedCsvRecord> rows = new ArrayList<>();
    if (Files.exists(file)) {
      try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
        csv.forEach(rows::add);
      }
    }
    return rows;
  }

  private static void print(String step, Map<String, List<Double>> all, @Nullable String floor) {
    String label = step;
    for (Map.Entry<String, List<Double>> times : all.entrySet()) {
      double time = times.getValue().stream().mapToDouble(t -> t).average().orElseThrow();
      String fraction =
          floor == null ? "" : String.format(Locale.ROOT, "%.2f", Double.parseDouble(floor) / time);
      System.out.printf(
          Locale.ROOT, "%-38s %-26s %12.1f %9s%n", label, times.getKey(), time, fraction);
      label = "";
    }
  }
}
