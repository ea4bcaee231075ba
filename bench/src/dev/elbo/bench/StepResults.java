package dev.elbo.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A results file of step times; all implementations have the same columns. */
record StepResults(Path path) {
  static final String IMPLEMENTATION = "implementation";
  static final String FLOOR = "floor_us";
  static final String BOUND = "bound_by";
  static final List<String> HEADER = header();

  private static List<String> header() {
    List<String> header = new ArrayList<>(List.of(IMPLEMENTATION));
    header.addAll(StepCase.HEADER);
    header.addAll(StepTimes.HEADER);
    header.add(FLOOR);
    header.add(BOUND);
    return List.copyOf(header);
  }

  void append(
      String implementation, StepCase step, StepTimes times, Floor floor, Provenance provenance)
      throws IOException {
    List<String> row = new ArrayList<>(List.of(implementation));
    row.addAll(step.cells());
    row.addAll(times.cells());
    row.add(String.format(Locale.ROOT, "%.2f", 1e6 * floor.seconds()));
    row.add(floor.bound());
    new ResultsFile(path, HEADER).append(List.of(row), provenance);
  }
}
