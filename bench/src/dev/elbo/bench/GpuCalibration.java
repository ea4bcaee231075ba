package dev.elbo.bench;

import dev.elbo.device.cuda.CardMeter;
import dev.elbo.device.cuda.EmulatedDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures what the card can do at most: the rates that floors are made of. Copies and normals are
 * measured here; rates of matrix products come from a program that has the best library for them.
 */
public final class GpuCalibration {
  private GpuCalibration() {}

  /**
   * Arguments: a file of lines "quantity,rate" measured elsewhere; bytes to copy; quads of normals
   * for each thread; blocks of threads.
   */
  public static void main(String[] args) throws IOException {
    EmulatedDriver.load();
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      rows.add(List.of(line.split(",")));
    }
    try (CardMeter meter = new CardMeter()) {
      rows.add(row(Calibration.COPY, meter.copyRate(Long.parseLong(args[1]))));
      int quads = Integer.parseInt(args[2]);
      int blocks = Integer.parseInt(args[3]);
      rows.add(row("normals exact form", meter.normalsRate(true, quads, blocks)));
      rows.add(row(Calibration.NORMALS, meter.normalsRate(false, quads, blocks)));
    }
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results")).resolve(Calibration.FILE);
    new ResultsFile(file, Calibration.HEADER).append(rows, provenance);
    rows.forEach(row -> System.out.println(String.join(": ", row) + " a second"));
  }

  private static List<String> row(String quantity, double rate) {
    return List.of(quantity, String.format(Locale.ROOT, "%.4g", rate));
  }
}
