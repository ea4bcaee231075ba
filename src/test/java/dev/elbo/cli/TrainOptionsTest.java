package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.inference.Optimizer;
import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Run;
import dev.elbo.inference.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the options of {@code elbo train} make of model and training. */
class TrainOptionsTest {
  @TempDir private Path folder;

  @Test
  void optionsReachTheRunFile() {
    Path data = Tables.numbers(folder, "train.csv", 40);
    Path out = folder.resolve("run");
    Cli.Result result =
        Cli.run(
            "train",
            data,
            "--out",
            out,
            "--epochs",
            1,
            "--batch",
            8,
            "--lr",
            0.5,
            "--seed",
            99,
            "--optimizer",
            "sgd",
            "--schedule",
            "constant",
            "--prior",
            "scale-mixture",
            "--prior-scale",
            3,
            "--likelihood",
            "student-t",
            "--clip-norm",
            2,
            "--kl-warmup",
            4,
            "--samples",
            2,
            "--antithetic",
            "--estimator",
            "flipout",
            "--activation",
            "tanh",
            "--validation-fraction",
            0.25,
            "--early-stopping",
            "elbo",
            "--patience",
            7,
            "--hidden",
            "3,2",
            "--predict-samples",
            2,
            "--threads",
            1);
    assertThat(result.code()).as(result.err()).isZero();
    Run run = RunFile.read(out.resolve("model.safetensors"));
    assertThat(run.training().optimizer()).isEqualTo(new Optimizer.Sgd(0.5, 0.9));
    assertThat(run.training().schedule()).isEqualTo(new RateSchedule.Constant());
    assertThat(run.training().seed()).isEqualTo(99);
    assertThat(run.training().batch()).isEqualTo(8);
    assertThat(run.training().clipNorm()).contains(2.0);
    assertThat(run.training().objective().toString())
        .isEqualTo(
            "Objective[sampling=Sampling[estimator=FLIPOUT, samples=2, antithetic=true], "
                + "klWeight=1.0, klWarmup=4.0, "
                + "latentBound=ELBO, freeBits=0.0]");
    assertThat(run.training().earlyStopping().toString())
        .isEqualTo("Optional[EarlyStopping[score=ELBO, patience=7]]");
    assertThat(run.model().network().prior())
        .isEqualTo(new Prior.ScaleMixture(0.5, 3, 3 * Math.exp(-6)));
    assertThat(run.model().network().likelihood()).isEqualTo(new Likelihood.StudentT(1, 4, 0.5));
    assertThat(run.model().network().body().toString()).contains("TANH", "units=3", "units=2");
    assertThat(run.examples()).isEqualTo(30);
    assertThat(run.origin()).contains("\"validationFraction\":0.25", data.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--prior laplace",
        "--prior learned",
        "--prior scale-mixture",
        "--posterior none",
        "--posterior none --prior gaussian --prior-scale 0.5",
        "--posterior last-layer",
        "--posterior last-layer --optimizer ivon",
        "--dropout 0.5",
        "--dropout 0.1 --samples 2 --prior-scale 2",
        "--ensemble 12",
        "--ensemble 2 --prior gaussian --validation-fraction 0.2 --early-stopping nll",
        "--optimizer ivon",
        "--estimator naive --activation gelu",
        "--likelihood heteroscedastic",
        "--likelihood student-t",
        "--likelihood gaussian --device reference"
      })
  void everyModelTrainsOnATable(String options) throws IOException {
    Path data = Tables.numbers(folder, "train.csv", 40);
    Path out = folder.resolve("run");
    Cli.Result result =
        Cli.run("train", data, "--out", out, "--epochs", 1, List.of(options.split(" ")), Cli.SMALL);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(out.resolve("metrics.json")).exists();
  }

  @Test
  void countsHaveNoUnits() {
    StringBuilder text = new StringBuilder("x,n\n");
    for (int i = 0; i < 40; i++) {
      text.append(i).append(',').append(i % 23).append('\n');
    }
    Path data = Tables.write(folder, "counts.csv", text.toString());
    Path out = folder.resolve("run");
    Cli.Result result =
        Cli.run(
            "train",
            data,
            "--out",
            out,
            "--task",
            "regression",
            "--likelihood",
            "poisson",
            "--epochs",
            1,
            Cli.SMALL);
    assertThat(result.code()).as(result.err()).isZero();
    Run run = RunFile.read(out.resolve("model.safetensors"));
    assertThat(run.model().normalization().targets()).isEmpty();
  }
}
