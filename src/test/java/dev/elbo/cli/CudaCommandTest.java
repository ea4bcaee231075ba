package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.cuda.CudaDevices;
import dev.elbo.device.cuda.EmulatedDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a card. */
@Tag("cuda")
class CudaCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  @Test
  void aRunOnACardGoesOnThereAndIsEvaluated() throws IOException {
    Path data = Tables.classes(folder, "classes.csv", 60);
    Path out = folder.resolve("run");
    Cli.Result trained =
        Cli.run(
            "train",
            data,
            "--device",
            "cuda",
            "--out",
            out,
            "--epochs",
            2,
            "--test",
            data,
            Cli.SMALL);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.err()).startsWith("device: cuda:0\n").contains("epoch 2/2  elbo ");
    String metrics = Files.readString(out.resolve("metrics.json"));
    assertThat(metrics).contains("\"device\": \"cuda:0\"");

    Cli.Result evaluated = Cli.run("evaluate", out, data, "--device", "cuda:0");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    String test = metrics.substring(metrics.indexOf("\"test\""), metrics.lastIndexOf("}"));
    assertThat(evaluated.out()).contains(test.substring(0, test.indexOf('}')));

    Files.delete(out.resolve("metrics.json"));
    Cli.Result resumed = Cli.run("train", "--resume", out);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(Files.readString(out.resolve("metrics.json")))
        .contains("\"device\": \"cuda:0\"")
        .contains(test.substring(0, test.indexOf('}')));
  }

  @Test
  void bfloat16IsTold() {
    Path data = Tables.numbers(folder, "numbers.csv", 40);
    Path out = folder.resolve("bf16");
    Cli.Result result =
        Cli.run(
            "train",
            data,
            "--device",
            "cuda:0",
            "--precision",
            "bf16",
            "--out",
            out,
            "--epochs",
            1,
            Cli.SMALL);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).startsWith("device: cuda:0, bf16\n");
  }

  @Test
  void autoTakesTheCardAndTheDoctorSaysWhy() {
    String card = CudaDevices.probe().cards().getFirst().toString();
    Path data = Tables.classes(folder, "auto.csv", 40);
    Cli.Result result =
        Cli.run("train", data, "--out", folder.resolve("auto"), "--epochs", 1, Cli.SMALL);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).startsWith("device: cuda:0, chosen by auto: " + card + "\n");
    assertThat(Cli.run("doctor").out())
        .contains("\ncuda        driver for CUDA ", "\ncuda:0      " + card + "\n")
        .contains("\nkernels     for sm_80, compute_80, ", "\ncublas      ", "\ncurand      ")
        .contains("\ndevice      auto chooses cuda:0: " + card + "\n");
  }
}
