package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(args);
  }

  @Test
  void versionIsTheOneOfTheBuild() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).matches("elbo \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void helpNamesTheProgram() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: elbo").contains("--version");
  }

  @Test
  void withoutACommandTheInputIsWrong() {
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString()).startsWith("a command is missing; try elbo --help");
  }
}
