package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

class MainTest {
  @Test
  void versionIsTheOneOfTheBuild() {
    Cli.Result result = Cli.run("--version");
    assertThat(result.code()).isZero();
    assertThat(result.out()).matches("elbo \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void helpNamesTheProgramAndItsCommands() {
    Cli.Result result = Cli.run("--help");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("Usage: elbo")
        .contains("--version", "train", "evaluate", "predict", "doctor", "data");
  }

  @Test
  void withoutACommandTheInputIsWrong() {
    Cli.Result result = Cli.run();
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("elbo: a command is missing; try elbo --help\n");
  }

  @Test
  void anUnknownCommandIsOneLine() {
    Cli.Result result = Cli.run("trian");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("elbo: Unmatched argument at index 0: 'trian'");
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void whatIsUnexpectedIsOneLineAndFails() {
    Cli.Result result = fail(new IllegalStateException("a\nb"), Map.of());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "elbo: internal error: java.lang.IllegalStateException: a b; "
                + "ELBO_DEBUG=1 prints where\n");
  }

  @Test
  void theStackTraceIsThereOnRequest() {
    Cli.Result result = fail(new IllegalStateException("a"), Map.of("ELBO_DEBUG", "1"));
    assertThat(result.err()).contains("\tat dev.elbo.cli.MainTest");
  }

  @Test
  void memoryThatIsOutIsOneLine() {
    StringWriter err = new StringWriter();
    int code = failures(err, Map.of()).tell(new OutOfMemoryError("Java heap space"));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).matches("elbo: out of memory: the Java heap has \\d+ MiB; .*\n");
  }

  private static Cli.Result fail(Exception e, Map<String, String> variables) {
    StringWriter err = new StringWriter();
    Failures failures = failures(err, variables);
    CommandSpec spec = CommandSpec.create();
    int code =
        failures.handleExecutionException(
            e, new CommandLine(spec), ParseResult.builder(spec).build());
    return new Cli.Result(code, "", err.toString());
  }

  private static Failures failures(StringWriter err, Map<String, String> variables) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return new Failures(new Host(nowhere, new PrintWriter(err), () -> false, variables));
  }
}
