package dev.elbo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The README's Java example is this package's, and does what the README says. */
class ReadmeTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/elbo/examples/TrainDigits.java");

  @Test
  void theExampleIsTheOneThatIsTested() throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    int from = lines.indexOf("  // example") + 1;
    int to = lines.indexOf("  // end of example");
    String example = String.join("\n", lines.subList(from, to)).indent(-2).strip();
    assertThat(block("```java")).isEqualTo(example);
  }

  @Test
  void theOutputIsAsPrinted() throws IOException {
    Map<String, Double> said = metrics("accuracy " + block("```text\naccuracy"));
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      TrainDigits.main(new String[0]);
    } finally {
      System.setOut(out);
    }
    Map<String, Double> measured = metrics(printed.toString(StandardCharsets.UTF_8));
    assertThat(measured.keySet()).isEqualTo(said.keySet());
    // Vectors of another width add in another order: the same run up to chaos, not to the bit.
    said.forEach((name, value) -> assertThat(measured.get(name)).isCloseTo(value, within(0.01)));
    assertThat(measured.get("accuracy")).isGreaterThanOrEqualTo(0.96);
  }

  private static String block(String fence) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int from = readme.indexOf(fence);
    assertThat(from).as("the README has a block %s", fence).isNotNegative();
    int to = readme.indexOf("```", from + fence.length());
    return readme.substring(from + fence.length(), to).strip();
  }

  private static Map<String, Double> metrics(String text) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (String line : text.strip().split("\n")) {
      String[] parts = line.strip().split(" +");
      metrics.put(parts[0], Double.parseDouble(parts[1]));
    }
    return metrics;
  }
}
