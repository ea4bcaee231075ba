package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.inference.Run;
import dev.elbo.inference.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ensembles, dropout and last layers from the command line. */
class PointWeightsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --ensemble 1, "--ensemble must be at least 2, got 1"
          --dropout 0, "--dropout must be above 0 and below 1, got 0.0"
          --dropout 1, "--dropout must be above 0 and below 1, got 1.0"
          --dropout NaN, "--dropout must be above 0 and below 1, got NaN"
          --dropout 0.5 --hidden none, "--dropout needs a hidden layer"
          --ensemble 2 --dropout 0.5, "--dropout does not go with --ensemble: its members are deterministic"
          --dropout 0.5 --posterior gaussian, "--posterior gaussian does not go with --dropout, which learns weights as points"
          --ensemble 2 --posterior gaussian --antithetic --samples 2, "--samples does not go with --ensemble"
          --ensemble 2 --posterior gaussian --clip-norm 1, "--clip-norm does not go with --ensemble"
          --ensemble 2 --posterior gaussian --estimator flipout, "--estimator flipout does not go with --ensemble, only naive"
          --ensemble 2 --posterior gaussian --prior learned, "--prior learned does not go with --ensemble, whose members would share it"
          --ensemble 2 --posterior gaussian --covariance full, "--covariance full does not go with --ensemble, only diagonal"
          --ensemble 2 --init-sigma 0.1, "--init-sigma does not go with --ensemble"
          --dropout 0.5 --posterior last-layer, "--posterior last-layer does not go with --dropout, which learns weights as points"
          --ensemble 2 --optimizer ivon, "--optimizer ivon learns a posterior: it does not go with --ensemble"
          --dropout 0.5 --optimizer ivon, "--optimizer ivon learns a posterior: it does not go with --dropout"
          --dropout 0.5 --init-sigma 0.1, "--init-sigma does not go with --dropout"
          --dropout 0.5 --estimator local, "--estimator does not go with --dropout"
          --ensemble 2 --samples 2, "--samples does not go with --ensemble"
          --ensemble 2 --clip-norm 1, "--clip-norm does not go with --ensemble"
          --ensemble 2 --prior laplace, "--prior laplace does not go with weights learned as points, which take a gaussian prior"
          --posterior none --prior-scale 2, "--prior-scale needs --prior gaussian here: weights learned as points have no other"
          --covariance full --posterior none, "--covariance full does not go with weights learned as points"
          --covariance full --optimizer ivon, "--covariance full does not go with --optimizer ivon, which is mean-field"
          --covariance kronecker --estimator local, "--covariance kronecker does not go with --estimator local, only with naive"
          --covariance low-rank --prior laplace, "--covariance low-rank does not go with --prior laplace, only with gaussian"
          --covariance low-rank --rank 0, "--rank must be at least 1, got 0"
          --rank 3, "--rank is for --covariance low-rank"
          --covariance full --hidden 100, "a full covariance of 6500 weights is more than 4096: use a low rank or a Kronecker one"
          --model vae --ensemble 2, "--ensemble is for --model mlp, this is vae"
          --model vae --posterior last-layer, "--posterior last-layer is for --model mlp, this is vae"
          """)
  void whatDoesNotGoTogetherIsRefused(String options, String message) {
    Path out = folder.resolve("run");
    Cli.Result result = Cli.run("train", "digits", List.of(options.split(" ")), "--out", out);
    assertThat(result.err()).isEqualTo("elbo: " + message + "\n");
    assertThat(result.code()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  /** Each kind with the samples of its predictions. */
  @ParameterizedTest
  @CsvSource({
    "--ensemble 3, 3, 'Ensemble[members=3, body=Sequential'",
    "--ensemble 3 --posterior gaussian, 9, 'Ensemble[members=3, body=Sequential'",
    "--ensemble 2 --posterior last-layer --prior gaussian, 8, 'Ensemble[members=2, body=Sequential'",
    "--ensemble 2 --posterior gaussian --optimizer ivon, 8, 'Ensemble[members=2, body=Sequential'",
    "--dropout 0.25, 7, 'PointPrior[scale=1.0, body=Sequential'",
    "--posterior last-layer, 7, 'Linear[units=8]'",
    "--covariance full, 7, 'covariance=Full[]'",
    "--covariance low-rank --rank 2, 7, 'covariance=LowRank[rank=2]'",
    "--covariance kronecker, 7, 'covariance=Kronecker[]'",
    "--posterior last-layer --covariance full, 7, 'Linear[units=8]'"
  })
  void commandsWorkWithEveryKind(String options, int samples, String body) throws IOException {
    Path out = folder.resolve("run");
    succeeds(
        "train",
        "digits",
        List.of(options.split(" ")),
        "--out",
        out,
        "--epochs",
        1,
        "--hidden",
        "8",
        "--predict-samples",
        "7",
        "--threads",
        1);
    Run run = RunFile.read(out.resolve("model.safetensors"));
    assertThat(run.model().network().body().toString()).contains(body);
    Path other = Tables.write(folder, "other.csv", pixels());
    String report = succeeds("evaluate", out, "digits", "--ood", other, "--json").out();
    assertThat(report)
        .contains("\"samples\": " + samples, "\"mutual_information_auroc\"", "\"accuracy\"");
    Path predictions = folder.resolve("predictions.csv");
    succeeds("predict", out, "digits", "--out", predictions);
    assertThat(Files.readAllLines(predictions)).hasSize(1798);
  }

  @Test
  void anEnsembleHasTheSamplesThatItHas() {
    Path out = folder.resolve("run");
    Path data = Tables.numbers(folder, "train.csv", 40);
    succeeds("train", data, "--ensemble", 2, "--out", out, "--epochs", 1, "--threads", 1);
    Cli.Result result = Cli.run("evaluate", out, data, "--samples", 5);
    assertThat(result.err()).endsWith("elbo: an ensemble of 2 predicts by 2 samples, got 5\n");
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void membersThatAreDrawnShareTheSamples() {
    Path out = folder.resolve("run");
    Path data = Tables.numbers(folder, "train.csv", 40);
    List<String> drawn = List.of("--ensemble", "2", "--posterior", "gaussian");
    succeeds("train", data, drawn, "--out", out, "--epochs", 1, "--threads", 1);
    assertThat(succeeds("evaluate", out, data, "--samples", 6, "--json").out())
        .contains("\"samples\": 6");
    Cli.Result result = Cli.run("evaluate", out, data, "--samples", 5);
    assertThat(result.err())
        .endsWith("elbo: an ensemble of 2 predicts by a multiple of 2 samples, got 5\n");
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void helpExplains() {
    String help = succeeds("train", "--help").out();
    assertThat(help).contains("--ensemble=M", "--dropout=P", "gaussian|last-layer|none");
  }

  private static Cli.Result succeeds(Object... args) {
    Cli.Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  /** Two rows of 64 pixels. */
  private static String pixels() {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 2; row++) {
      for (int i = 0; i < 64; i++) {
        text.append(i == 0 ? "" : ",").append((i * 7 + row) % 17);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
