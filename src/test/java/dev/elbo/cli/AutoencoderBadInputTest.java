package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What autoencoders refuse, in one line. */
class AutoencoderBadInputTest {
  @TempDir private Path folder;
  private Path table = Path.of("");

  @BeforeEach
  void makeTable() {
    table = Tables.numbers(folder, "t.csv", 40);
  }

  private static void refused(String message, Object... args) {
    Cli.Result result = Cli.run(args);
    assertThat(result.err()).endsWith("elbo: " + message + "\n");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  private Path trained(Object... args) {
    Path out = folder.resolve("run");
    Cli.Result result =
        Cli.run("train", table, "--epochs", 1, Cli.SMALL, List.of(args), "--out", out);
    assertThat(result.code()).as(result.err()).isZero();
    return out;
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --latent none, "--latent none leaves no latent dimension: a vae needs 1"
          --free-bits -1, "--free-bits must be at least 0 and finite, got -1.0"
          --samples 0 --bound iwae, "--samples must be at least 1, got 0"
          --bound iwae --kl-weight 2, "--bound iwae does not go with --kl-weight, --kl-warmup or --free-bits"
          --bound dreg --free-bits 1, "--bound dreg does not go with --kl-weight, --kl-warmup or --free-bits"
          --bound iwae --posterior gaussian, "--bound iwae does not go with --posterior gaussian"
          --likelihood gaussian, "--likelihood is for --model mlp, this is vae"
          --task regression, "--model vae does not go with data t.csv: it has targets, for --model mlp"
          --optimizer ivon, "--optimizer ivon learns a posterior: it does not go with --posterior none"
          """)
  void anOptionIsNamed(String options, String message) {
    refused(message, "train", table, "--model", "vae", List.of(options.split(" ")));
  }

  @Test
  void aLatentSizeOf0IsNone() {
    refused(
        "Invalid value for option '--latent': '0' is not 'none' or numbers of units, at least 1, "
            + "as in 400,400",
        "train",
        table,
        "--model",
        "vae",
        "--latent",
        0);
  }

  @Test
  void optionsOfAnAutoencoderAreForAutoencoders() {
    refused("--latent is for --model vae, this is mlp", "train", table, "--latent", 2);
    refused(
        "--model mlp does not go with data t.csv: it has no targets, as --model vae wants it",
        "train",
        table,
        "--model",
        "mlp",
        "--task",
        "density-estimation");
  }

  @Test
  void aBernoulliDecoderTakesProbabilities() {
    Path bad = Tables.write(folder, "bad.csv", "a,b\n0,1\n0.5,2\n");
    refused(
        "a Bernoulli decoder takes inputs from 0 to 1.0, but input 1 of example 1 is 2.0",
        "train",
        bad,
        "--model",
        "vae",
        "--decoder",
        "bernoulli",
        "--device",
        "cpu",
        "--out",
        folder.resolve("run"));
  }

  @Test
  void aModelOfTargetsHasNoLatentVariables() {
    Path run = trained();
    refused(
        run + ": generate needs a model of texts or one with latent variables (--model vae)",
        "generate",
        run);
    refused(
        run + ": reconstruct needs a model with latent variables (--model vae)",
        "reconstruct",
        run,
        table);
    refused(
        "--importance-samples needs a model with latent variables (--model vae)",
        "evaluate",
        run,
        table,
        "--importance-samples",
        5);
  }

  @Test
  void anAutoencoderIsUsedAsOne() {
    Path run = trained("--model", "vae", "--latent", 1);
    refused("--prompt is for models of texts, this is none", "generate", run, "--prompt", "a");
    refused(
        "--samples is for texts; --count says how many to draw", "generate", run, "--samples", 2);
    refused("--count must be at least 1, got 0", "generate", run, "--count", 0);
    refused(
        "--importance-samples must be at least 1, got 0",
        "evaluate",
        run,
        table,
        "--importance-samples",
        0);
    refused("--limit must be at least 1, got 0", "evaluate", run, table, "--limit", 0);
    refused("the model has no targets to predict", "predict", run, table, "--device", "cpu");
    Path other = Tables.write(folder, "other.csv", "x\n1\n2\n");
    refused(other + ": row 1 names 1 inputs, 2 expected: 'x', 'y'", "evaluate", run, other);
    refused(
        "the model takes 2 inputs, the data has 64", "evaluate", run, "digits", "--device", "cpu");
  }
}
