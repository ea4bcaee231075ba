package dev.elbo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's comparison is this package's, and prints what the README says. */
class CompareOnDigitsTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/elbo/examples/CompareOnDigits.java");

  @Test
  void theExampleIsTheOneThatIsTested() throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    int from = lines.indexOf("  // example") + 1;
    int to = lines.indexOf("  // end of example");
    String example = String.join("\n", lines.subList(from, to)).indent(-2).strip();
    assertThat(readme()).contains("```java\n" + example + "\n```");
  }

  @Test
  void theOutputIsAsPrinted() throws IOException {
    String readme = readme();
    int from = readme.indexOf("point       accuracy");
    List<String> said =
        readme.substring(from, readme.indexOf("```", from)).strip().lines().toList();
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      CompareOnDigits.main(new String[0]);
    } finally {
      System.setOut(out);
    }
    List<String> lines = printed.toString(StandardCharsets.UTF_8).strip().lines().toList();
    assertThat(lines).hasSameSizeAs(said);
    for (int i = 0; i < lines.size(); i++) {
      // Vectors of another width add in another order: the same run up to chaos, not to the bit.
      assertThat(nll(lines.get(i))).as(lines.get(i)).isCloseTo(nll(said.get(i)), within(0.02));
    }
    assertThat(nll(lines.get(1))).as("ensemble below a point").isLessThan(nll(lines.get(0)));
  }

  private static double nll(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }
}
