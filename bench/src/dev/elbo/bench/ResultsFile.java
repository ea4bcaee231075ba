package dev.elbo.bench;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A committed CSV file of measurements, to which every run appends.
 *
 * @param path the file, created with its header row when it is missing
 * @param columns the names of the measured columns; those of {@link Provenance} follow them
 */
public record ResultsFile(Path path, List<String> columns) {
  /** Appends rows of measured cells, each with where it comes from. */
  public void append(List<List<String>> rows, Provenance provenance) throws IOException {
    boolean fresh = Files.notExists(path);
    Files.createDirectories(path.toAbsolutePath().getParent());
    try (CsvWriter csv =
        CsvWriter.builder().build(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      if (fresh) {
        csv.writeRecord(joined(columns, Provenance.HEADER));
      }
      for (List<String> row : rows) {
        csv.writeRecord(joined(row, provenance.cells()));
      }
    }
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
