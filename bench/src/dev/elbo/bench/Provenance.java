package dev.elbo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a number comes from: the last columns of every results file.
 *
 * @param machine the processor and how many of them the JVM sees, or the card
 * @param jdk the version of the JVM
 * @param commit the commit that was built, with "-dirty" when the work tree differed from it
 * @param date the day, UTC
 */
public record Provenance(String machine, String jdk, String commit, String date) {
  /** The names of the columns. */
  public static final List<String> HEADER = List.of("machine", "jdk", "commit", "date");

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * The provenance of what this JVM measures. The property {@code bench.machine} names a card and
   * its driver in place of the processor.
   */
  public static Provenance ofThisMachine(String commit, String date) throws IOException {
    String card = System.getProperty("bench.machine", "");
    if (!card.isEmpty()) {
      return new Provenance(card, Runtime.version().toString(), commit, date);
    }
    int processors = Runtime.getRuntime().availableProcessors();
    return new Provenance(
        "%s, %d processors".formatted(processor(), processors),
        Runtime.version().toString(),
        commit,
        date);
  }

  private static String processor() throws IOException {
    String architecture = System.getProperty("os.arch");
    if (!Files.isReadable(CPU_INFO)) {
      return architecture;
    }
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    }
  }

  /** The cells below the columns. */
  List<String> cells() {
    return List.of(machine, jdk, commit, date);
  }
}
