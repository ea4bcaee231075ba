package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Run;
import dev.elbo.inference.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transformers on the command line: trained, evaluated, and continuing texts. */
class TextCommandTest {
  private static final String TEXT = "a rose is a rose is a rose.\n".repeat(20);
  private static final List<Object> SMALL =
      List.of("--layers", 1, "--width", 8, "--heads", 2, "--context", 8, "--batch", 4);
  private static final List<Object> SHORT =
      List.of("--epochs", 3, "--predict-samples", 3, "--threads", 1);

  @TempDir private static Path folder;
  private static Path text = Path.of("");
  private static Path run = Path.of("");

  @BeforeAll
  static void train() throws IOException {
    text = Files.writeString(folder.resolve("rose.txt"), TEXT);
    run = folder.resolve("run");
    Cli.Result result = Cli.run("train", text, "--out", run, SMALL, SHORT);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("data: rose.txt, 503 examples, none for validation, 55 to test")
        .contains("bits_mean_network");
  }

  private static byte[] model(Path of) throws IOException {
    return Files.readAllBytes(of.resolve("model.safetensors"));
  }

  private static double number(String json, String key) {
    return Double.parseDouble(json.replaceAll("(?s).*\"" + key + "\": ([-+0-9.eE]+).*", "$1"));
  }

  @Test
  void theMetricsAreInNatsAndBits() throws IOException {
    String metrics = Files.readString(run.resolve("metrics.json"));
    for (String of : List.of("", "_one_sample", "_mean_network")) {
      double nats = number(metrics.substring(metrics.indexOf("\"test\"")), "nll" + of);
      double bits = number(metrics, "bits" + of);
      assertThat(nats).isPositive();
      assertThat(bits * Math.log(2)).isCloseTo(nats, within(1e-6));
    }
    assertThat(metrics).contains("\"accuracy\"", "\"ece\"");
  }

  @Test
  void pointsHaveNoMeanNetworkBesides() throws IOException {
    Path points = folder.resolve("points");
    Cli.Result result =
        Cli.run("train", text, "--out", points, "--posterior", "none", SMALL, SHORT);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(Files.readString(points.resolve("metrics.json")))
        .contains("\"bits\"")
        .doesNotContain("mean_network");
  }

  @Test
  void equalSeedsGiveEqualBits() throws IOException {
    Path again = folder.resolve("again");
    Cli.run("train", text, "--out", again, SMALL, SHORT);
    assertThat(model(again)).isEqualTo(model(run));
  }

  @Test
  void evaluatingAgainGivesTheMetricsOfTraining() throws IOException {
    Path all = folder.resolve("all");
    Cli.run("train", text, "--test", text, "--out", all, SMALL, SHORT);
    Cli.Result result = Cli.run("evaluate", all, text);
    assertThat(result.code()).as(result.err()).isZero();
    String metrics = Files.readString(all.resolve("metrics.json"));
    String test = metrics.substring(metrics.indexOf("\"test\""));
    assertThat(result.out()).contains(test.substring(0, test.indexOf("}"))).contains("\"n\": 559");
  }

  @Test
  void predictionsAreARowForEachCharacterWithANext() {
    Cli.Result result = Cli.run("predict", run, text);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("class,\"p_\n\",p_ ,p_.,p_a,");
  }

  @Test
  void aTextIsContinued() {
    Cli.Result result = Cli.run("generate", run, "--prompt", "a rose", "--count", 30);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("a rose").hasSize("a rose".length() + 30 + 1);
    Cli.Result again = Cli.run("generate", run, "--prompt", "a rose", "--count", 30);
    assertThat(again.out()).isEqualTo(result.out());
    Cli.Result other =
        Cli.run("generate", run, "--prompt", "a rose", "--count", 30, "--seed", 9, "--samples", 1);
    assertThat(other.out()).isNotEqualTo(result.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --prompt,a red|--prompt: line 1, character 5: the model does not know 'd' (U+0064)
          --count,9|--prompt is missing: the text to continue
          --prompt,a,--count,0|--count must be at least 1, got 0
          --prompt,a,--samples,0|--samples must be at least 1, got 0
          --prompt,a,--temperature,0|--temperature must be above 0 and finite, got 0.0
          """)
  void whatCannotBeContinuedIsRefused(String options, String message) {
    Cli.Result result = Cli.run("generate", run, List.of(options.split(",")));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).isEqualTo("elbo: " + message + System.lineSeparator());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --context,504|--context 504: rose.txt has 503 characters to train with, fewer than one window
          --context,0|--context must be at least 1, got 0
          --layers,0|--layers must be at least 1, got 0
          --width,30,--heads,4|--width 30 cannot be shared by --heads 4
          --hidden,4|--hidden is for --model mlp or vae, this is transformer
          --latent,2|--latent is for --model vae, this is transformer
          --model,mlp|--model mlp does not go with data rose.txt: it is text, for --model transformer
          --task,regression|data '%s' is text: it takes no task but classification, of the next character
          --target,x|data '%s' is text: it takes no target 'x'
          """)
  void whatDoesNotGoWithATextIsRefused(String options, String message) {
    Path out = folder.resolve("refused");
    Cli.Result result = Cli.run("train", text, "--out", out, List.of(options.split(",")));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("elbo: " + message.replace("%s", text.toString()) + System.lineSeparator());
    assertThat(out).doesNotExist();
  }

  @Test
  void anUnknownCharacterToTestWithIsRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("other.txt"), "a rose\nis red");
    Path out = folder.resolve("refused");
    Cli.Result result = Cli.run("train", text, "--test", other, "--out", out, SMALL, SHORT);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "elbo: %s: line 2, character 6: the model does not know 'd' (U+0064)%n"
                .formatted(other));
    assertThat(Cli.run("evaluate", run, other).err()).isEqualTo(result.err());
  }

  @Test
  void whatHasNoTextCannotBeContinued() {
    Path table = Tables.classes(folder, "table.csv", 40);
    Path mlp = folder.resolve("mlp");
    Cli.run("train", table, "--out", mlp, Cli.SMALL, "--epochs", 1);
    Cli.Result result = Cli.run("generate", mlp, "--prompt", "a");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(mlp + ": generate needs a model of texts or one with latent");
  }

  @Test
  void theDefaultsOfATextAreItsOwn() {
    Path out = folder.resolve("defaults");
    Cli.Result result =
        Cli.run("train", text, "--out", out, "--width", 8, "--threads", 1, "--epochs", 1);
    assertThat(result.code()).as(result.err()).isZero();
    Run read = RunFile.read(out.resolve("model.safetensors"));
    assertThat(read.model().network().observations().window()).isEqualTo(64);
    assertThat(read.training().batch()).isEqualTo(16);
    assertThat(read.training().optimizer().rate()).isEqualTo(0.004);
    assertThat(read.training().schedule()).isEqualTo(new RateSchedule.Cosine(0.05));
    assertThat(read.origin()).contains("\"predictSamples\":16");
  }
}
