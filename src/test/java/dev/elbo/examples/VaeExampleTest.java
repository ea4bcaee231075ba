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

/** The README's autoencoder is that of this package, and does what the README says. */
class VaeExampleTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/elbo/examples/AutoencodeDigits.java");

  @Test
  void theReadmeShowsIt() throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    int from = lines.indexOf("  // example") + 1;
    int to = lines.indexOf("  // end of example");
    String example = String.join("\n", lines.subList(from, to)).indent(-2).strip();
    assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + example + "\n```");
  }

  @Test
  void itPrintsWhatTheReadmeSays() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int from = readme.indexOf("```text\nlog_likelihood") + "```text\n".length();
    Map<String, Double> said = numbers(readme.substring(from, readme.indexOf("```", from)));
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      AutoencodeDigits.main(new String[0]);
    } finally {
      System.setOut(out);
    }
    Map<String, Double> measured = numbers(printed.toString(StandardCharsets.UTF_8));
    assertThat(measured.keySet()).isEqualTo(said.keySet());
    // Vectors of another width add in another order: the same run up to chaos, not to the bit.
    said.forEach((name, value) -> assertThat(measured.get(name)).isCloseTo(value, within(0.2)));
    assertThat(measured.get("log_likelihood")).isGreaterThan(measured.get("elbo"));
    assertThat(measured.get("elbo"))
        .isCloseTo(-(measured.get("nll") + measured.get("latent_kl")), within(0.02));
  }

  private static Map<String, Double> numbers(String text) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String line : text.strip().split("\n")) {
      String[] parts = line.strip().split(" +");
      numbers.put(parts[0], Double.parseDouble(parts[1]));
    }
    return numbers;
  }
}
