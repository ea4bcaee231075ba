package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.checkpoint.RecordJson;
import dev.elbo.device.cuda.Precision;
import dev.elbo.inference.Run;
import dev.elbo.inference.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path folder;

  /** The part of metrics.json that this test computes with. */
  private record Train(double nll, double kl, double kl_weight, double elbo) {}

  private static Train train(String metrics) {
    int start = metrics.indexOf("\"train\": ") + "\"train\": ".length();
    String json = metrics.substring(start, metrics.indexOf('}', start) + 1);
    return RecordJson.read(Train.class, json, "metrics.json");
  }

  @Test
  void aRunLeavesItsThreeFilesAndTellsWhere() throws IOException {
    Path data = Tables.classes(folder, "train.csv", 50);
    Path test = Tables.classes(folder, "test.csv", 20);
    Path out = folder.resolve("some/run");
    Cli.Result result =
        Cli.run("train", data, "--test", test, "--out", out, "--epochs", 3, Cli.SMALL);
    assertThat(result.err())
        .contains(DeviceChoice.of("auto", Precision.F32).about() + "\n")
        .contains(
            "data: train.csv, 50 examples, none for validation, 20 to test; 2 inputs, "
                + "2 classes (classification, guessed: see --task)\n")
        .contains("epoch 1/3  elbo ", "epoch 3/3  elbo ", "\ntest  ");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo(out + "\n");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.safetensors", "history.csv", "metrics.json");
    }
    assertThat(Files.readAllLines(out.resolve("history.csv"))).hasSize(4);
    assertThat(Files.readString(out.resolve("metrics.json")))
        .contains("\"n_train\": 50", "\"accuracy\": ", "\"ece\": ", "\"complete\": true")
        .doesNotContain("validation");
  }

  @Test
  void littleMemoryGivesTheSameBits() throws IOException {
    Path data = Tables.classes(folder, "train.csv", 50);
    Path usual = folder.resolve("usual");
    Path little = folder.resolve("little");
    Object[] options = {"--device", "cpu", "--epochs", 2, Cli.SMALL};
    Cli.run("train", data, "--out", usual, List.of(options));
    Cli.run("train", data, "--out", little, "--low-memory", List.of(options));
    String model = "model.safetensors";
    assertThat(Files.readAllBytes(little.resolve(model)))
        .isEqualTo(Files.readAllBytes(usual.resolve(model)));
  }

  /** Of a perceptron; the row sums of transformers round by the width. */
  @Test
  void narrowVectorsGiveTheSameBits() throws IOException, InterruptedException {
    Path data = Tables.classes(folder, "train.csv", 50);
    Path usual = folder.resolve("usual");
    Path narrow = folder.resolve("narrow");
    List<String> command =
        List.of("train", data.toString(), "--device", "cpu", "--epochs", "2", "--hidden", "37");
    Cli.run(command, "--out", usual);
    Path err = folder.resolve("err");
    List<String> again = new ArrayList<>(command);
    again.addAll(List.of("--out", narrow.toString()));
    assertThat(Child.startWithNarrowVectors(err, again).waitFor())
        .as(Files.readString(err))
        .isZero();
    String model = "model.safetensors";
    assertThat(Files.readAllBytes(narrow.resolve(model)))
        .isEqualTo(Files.readAllBytes(usual.resolve(model)));
  }

  @Test
  void theReportedBoundIsItsPartsExactly() throws IOException {
    Path data = Tables.classes(folder, "train.csv", 50);
    Path out = folder.resolve("run");
    Cli.run("train", data, "--out", out, "--epochs", 2, "--kl-weight", 0.25, Cli.SMALL);
    Train parts = train(Files.readString(out.resolve("metrics.json")));
    assertThat(parts.kl_weight).isEqualTo(0.25);
    assertThat(parts.kl).isPositive();
    assertThat(parts.nll + parts.kl_weight * parts.kl / 50).isEqualTo(-parts.elbo);
  }

  @Test
  void theKlIsThatOfTheInitialPosteriorWhenNothingIsLearned() throws IOException {
    Path data = Tables.numbers(folder, "train.csv", 40);
    Path out = folder.resolve("run");
    // One epoch of one step at a rate of 1e-30 leaves the posterior where it started.
    Cli.run(
        "train",
        data,
        "--out",
        out,
        "--epochs",
        1,
        "--batch",
        40,
        "--lr",
        1e-30,
        "--hidden",
        "none",
        "--init-sigma",
        0.5,
        "--prior",
        "gaussian",
        "--prior-scale",
        2,
        "--predict-samples",
        1);
    Run run = RunFile.read(out.resolve("model.safetensors"));
    double mu =
        run.state().tensors().entrySet().stream()
            .filter(e -> e.getKey().endsWith("weight.mu"))
            .findFirst()
            .orElseThrow()
            .getValue()
            .values()[0];
    // A weight of mean mu, a bias of mean 0: sum of log(s/sigma) + (sigma² + mu²)/(2 s²) - 1/2.
    double expected = 2 * (Math.log(2 / 0.5) + 0.25 / 8 - 0.5) + mu * mu / 8;
    double kl = train(Files.readString(out.resolve("metrics.json"))).kl;
    // The KL is computed in float32: a few roundings of 6e-8.
    assertThat(kl).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-6 * expected));
  }

  @Test
  void earlyStoppingKeepsTheBestEpoch() throws IOException {
    Path data = Tables.classes(folder, "train.csv", 40);
    Path out = folder.resolve("run");
    // A rate this large makes the validation score worse and worse.
    Cli.Result result =
        Cli.run(
            "train",
            data,
            "--out",
            out,
            "--epochs",
            40,
            "--lr",
            3,
            "--validation-fraction",
            0.3,
            "--early-stopping",
            "nll",
            "--patience",
            2,
            Cli.SMALL);
    assertThat(result.code()).as(result.err()).isZero();
    int best = RunFile.read(out.resolve("model.safetensors")).state().best().orElseThrow().epoch();
    List<String> history = Files.readAllLines(out.resolve("history.csv"));
    assertThat(history).hasSize(1 + best + 2);
    assertThat(result.err()).contains("the best is that of epoch " + best + "\n");
  }

  @Test
  void aMovingLineIsForTerminalsOnly() {
    Path data = Tables.classes(folder, "train.csv", 40);
    Cli.Result terminal =
        Cli.runIn(
            Map.of(), true, "train", data, "--out", folder.resolve("a"), "--epochs", 2, Cli.SMALL);
    assertThat(terminal.err()).contains("\repoch 2/2 [================]", "\u001b[K\n");
    Cli.Result log = Cli.run("train", data, "--out", folder.resolve("b"), "--epochs", 2, Cli.SMALL);
    assertThat(log.err()).doesNotContain("\r", "\u001b");
  }

  @Test
  void aLogHasAtMostAboutAHundredLines() {
    Path data = Tables.classes(folder, "train.csv", 16);
    Cli.Result result =
        Cli.run(
            "train",
            data,
            "--out",
            folder.resolve("run"),
            "--epochs",
            250,
            "--checkpoint-every",
            250,
            Cli.SMALL);
    // Every third epoch, the first and the last.
    assertThat(result.err().lines().filter(line -> line.startsWith("epoch "))).hasSize(83 + 2);
  }

  @Test
  void aRateThatExplodesStopsWithTheLastCheckpoint() {
    Path data = Tables.numbers(folder, "train.csv", 40);
    Path out = folder.resolve("run");
    Cli.Result result =
        Cli.run(
            "train",
            data,
            "--out",
            out,
            "--epochs",
            50,
            "--optimizer",
            "sgd",
            "--lr",
            1e30,
            Cli.SMALL);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().toList().getLast())
        .matches(
            "elbo: step \\d+: .* is (NaN|-?Infinity) at element \\d+; the checkpoint after epoch "
                + "\\d+ is kept in .*");
    assertThat(RunFile.read(out.resolve("model.safetensors")).state().tensors().values())
        .allSatisfy(
            tensor -> {
              for (float value : tensor.values()) {
                assertThat(value).isFinite();
              }
            });
    assertThat(out.resolve("metrics.json")).doesNotExist();
  }

  @Test
  void threadsDoNotChangeTheModel() {
    Path data = Tables.classes(folder, "train.csv", 60);
    List<String> options =
        List.of("--epochs", "3", "--hidden", "40", "--batch", "16", "--predict-samples", "2");
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    Cli.run("train", data, "--out", one, "--threads", 1, options);
    Cli.run("train", data, "--out", two, "--threads", 2, options);
    assertThat(two.resolve("model.safetensors"))
        .hasSameBinaryContentAs(one.resolve("model.safetensors"));
  }

  @Test
  void digitsAreBuiltIn() throws IOException {
    Path out = folder.resolve("run");
    Cli.Result result =
        Cli.run(
            "train",
            "digits",
            "--out",
            out,
            "--epochs",
            3,
            "--hidden",
            32,
            "--batch",
            32,
            "--lr",
            0.01,
            "--kl-weight",
            0.1,
            "--predict-samples",
            5);
    assertThat(result.code()).as(result.err()).isZero();
    String metrics = Files.readString(out.resolve("metrics.json"));
    String accuracy = metrics.replaceAll("(?s).*\"accuracy\": ([0-9.]+).*", "$1");
    // Ten classes: chance is 0.1; three epochs of a small network are well above 0.8.
    assertThat(Double.parseDouble(accuracy)).isGreaterThan(0.8);
    Cli.Result again = Cli.run("evaluate", out, "digits", "--train", "--samples", 1);
    assertThat(again.out()).contains("\"n\": 3823", "\"train\": {");
  }
}
