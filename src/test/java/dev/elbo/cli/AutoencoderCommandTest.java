package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.inference.LatentBound;
import dev.elbo.inference.Run;
import dev.elbo.inference.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Autoencoders from the command line. */
class AutoencoderCommandTest {
  private static final List<Object> UNSIZED = List.of("--model", "vae", "--epochs", 2, Cli.SMALL);
  private static final List<Object> SMALL = List.of(UNSIZED, "--latent", 2);

  @TempDir private Path folder;
  private Path table = Path.of("");

  @BeforeEach
  void makeTable() {
    table = Tables.numbers(folder, "train.csv", 40);
  }

  private Path train(String name, Object... args) {
    Path out = folder.resolve(name);
    Cli.Result result = Cli.run("train", List.of(args), "--out", out);
    assertThat(result.code()).as(result.err()).isZero();
    return out;
  }

  /** Eight pictures of 2 x 3 pixels of 0 and 255, without labels. */
  private Path pictures() throws IOException {
    Path set = Files.createDirectories(folder.resolve("set"));
    byte[] bytes = new byte[16 + 8 * 6];
    byte[] header = {0, 0, 8, 3, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0, 3};
    System.arraycopy(header, 0, bytes, 0, header.length);
    for (int i = header.length; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 5 < 2 ? 255 : 0);
    }
    Files.write(set.resolve("train-images-idx3-ubyte"), bytes);
    return set;
  }

  @Test
  void everyPartOfTheBoundHasItsName() throws IOException {
    Path run = train("run", table, UNSIZED, "--latent", "2,1", "--validation-fraction", 0.25);
    assertThat(Files.readString(run.resolve("metrics.json")))
        .contains("\"task\": \"density_estimation\"")
        .contains("\"nll\"", "\"latent_kl\"", "\"latent_kl_1\"", "\"latent_kl_2\"")
        .contains("\"kl\": 0.0", "\"elbo\"", "\"log_likelihood\"", "\"validation\"");
    assertThat(Files.readAllLines(run.resolve("history.csv")).get(1).split(",")[2]).isNotEmpty();
  }

  @Test
  void bothDivergencesOfABayesianDecoderAreTold() throws IOException {
    Path run = train("run", table, SMALL, "--posterior", "gaussian");
    assertThat(Files.readString(run.resolve("metrics.json")))
        .contains("\"latent_kl\"")
        .doesNotContain("\"kl\": 0.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--bound iwae --samples 3",
        "--bound dreg --samples 3 --latent 2,1",
        "--free-bits 0.5 --kl-warmup 2",
        "--posterior gaussian --samples 2"
      })
  void equalSeedsGiveEqualBytesAndSoDoesAnInterruptedRun(String options) throws IOException {
    List<String> words = List.of(options.split(" "));
    List<String> latent = words.contains("--latent") ? List.of() : List.of("--latent", "2");
    List<Object> all = List.of("--model", "vae", "--epochs", 3, Cli.SMALL, latent, words);
    Path whole = train("whole", table, all);
    Path again = train("again", table, all);
    byte[] model = Files.readAllBytes(whole.resolve("model.safetensors"));
    assertThat(Files.readAllBytes(again.resolve("model.safetensors"))).isEqualTo(model);

    Path stopped = folder.resolve("stopped");
    Interrupted.train(stopped, 2, table, all);
    Cli.Result resumed = Cli.run("train", "--resume", stopped);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(Files.readAllBytes(stopped.resolve("model.safetensors"))).isEqualTo(model);
  }

  @Test
  void optionsReachTheRunFile() {
    Path out =
        train("run", table, SMALL, "--bound", "dreg", "--samples", 4, "--decoder", "gaussian");
    Run run = RunFile.read(out.resolve("model.safetensors"));
    assertThat(run.training().objective().latentBound()).isEqualTo(LatentBound.DREG);
    assertThat(run.training().objective().sampling().samples()).isEqualTo(4);
    assertThat(run.schema().features()).containsExactly("x", "y");
  }

  @Test
  void theBestEpochIsThatOfTheBestBoundOnValidationExamples() throws IOException {
    Path out =
        train(
            "run",
            table,
            SMALL,
            "--validation-fraction",
            0.25,
            "--early-stopping",
            "elbo",
            "--patience",
            1,
            "--kl-weight",
            0.5);
    Run run = RunFile.read(out.resolve("model.safetensors"));
    int best = run.state().best().orElseThrow().epoch();
    String row = Files.readAllLines(out.resolve("history.csv")).get(best);
    assertThat(List.of(row.split(","))).contains(String.valueOf(run.state().best().get().score()));
  }

  @Test
  void aTargetIsLeftOut() {
    Path out = train("run", table, SMALL, "--target", "y");
    Run run = RunFile.read(out.resolve("model.safetensors"));
    assertThat(run.schema().features()).containsExactly("x");
  }

  @Test
  void evaluatesByImportanceSampling() {
    Path run = train("run", table, SMALL);
    Cli.Result result = Cli.run("evaluate", run, table, "--importance-samples", 70, "--limit", 10);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("evaluating 10 of 40 examples", "log_likelihood");
    assertThat(result.out())
        .contains("\"importance_samples\": 70", "\"n\": 10", "\"log_likelihood\"", "\"latent_kl\"");
    Cli.Result again =
        Cli.run("evaluate", run, table, "--importance-samples", 70, "--limit", 10, "--json");
    assertThat(again.out()).isEqualTo(result.out());
    assertThat(again.err()).isEmpty();
  }

  @Test
  void drawsAndReconstructsPictures() throws IOException {
    Path set = pictures();
    Path run = train("run", set, SMALL);
    Path drawn = folder.resolve("samples.png");
    Cli.Result generated = Cli.run("generate", run, "--count", 5, "--out", drawn, "--seed", 3);
    assertThat(generated.code()).as(generated.err()).isZero();
    assertThat(generated.err()).contains("5 draws in " + drawn);
    assertThat(ImageIO.read(drawn.toFile()).getHeight()).isEqualTo(3 * 3 - 1);
    byte[] bytes = Files.readAllBytes(drawn);
    Cli.run("generate", run, "--count", 5, "--out", drawn, "--seed", 3);
    assertThat(Files.readAllBytes(drawn)).isEqualTo(bytes);
    Cli.run("generate", run, "--count", 5, "--out", drawn, "--seed", 4);
    assertThat(Files.readAllBytes(drawn)).isNotEqualTo(bytes);

    Path pairs = folder.resolve("pairs.png");
    Cli.Result result = Cli.run("reconstruct", run, set, "--out", pairs, "--count", 1);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(ImageIO.read(pairs.toFile()).getHeight()).isEqualTo(4);
    assertThat(ImageIO.read(pairs.toFile()).getWidth()).isEqualTo(3);
  }

  @Test
  void drawsAndReconstructsRowsOfATable() throws IOException {
    Path run = train("run", table, SMALL);
    Path drawn = folder.resolve("samples.csv");
    assertThat(Cli.run("generate", run, "--count", 3, "--out", drawn).code()).isZero();
    assertThat(Files.readAllLines(drawn)).hasSize(4).startsWith("x,y");
    Path pairs = folder.resolve("pairs.csv");
    assertThat(Cli.run("reconstruct", run, table, "--out", pairs).code()).isZero();
    assertThat(Files.readAllLines(pairs))
        .hasSize(41)
        .startsWith("x,y,x_reconstructed,y_reconstructed");
  }
}
