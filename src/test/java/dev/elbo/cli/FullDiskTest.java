package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.inference.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A save that fails: a limit on the size of files is what a test can have without a small disk. */
class FullDiskTest {
  private static final int BLOCK = 512;

  @TempDir private Path folder;

  @Test
  @Timeout(60)
  @EnabledOnOs(OS.LINUX)
  void theOldCheckpointIsKept() throws IOException, InterruptedException {
    Path data = Tables.classes(folder, "train.csv", 60);
    List<String> options =
        List.of(
            "--epochs",
            "3",
            "--hidden",
            "100",
            "--batch",
            "16",
            "--predict-samples",
            "1",
            "--validation-fraction",
            "0.2",
            "--early-stopping",
            "nll",
            "--threads",
            "1");
    Path free = folder.resolve("free");
    assertThat(Cli.run("train", data, "--out", free, options).code()).isZero();
    // The best parameters, which the first save does not have, make the second twice as large.
    long size = Files.size(free.resolve("model.safetensors"));
    Path limited = folder.resolve("limited");
    List<String> args =
        new ArrayList<>(List.of("train", data.toString(), "--out", limited.toString()));
    args.addAll(options);
    Path err = folder.resolve("err");
    Process process = Child.startLimited(err, size * 3 / 4 / BLOCK, args);
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    String told = Files.readString(err);
    assertThat(process.exitValue()).as(told).isEqualTo(1);
    Path model = limited.resolve("model.safetensors");
    assertThat(told.lines().toList().getLast())
        .isEqualTo(
            "elbo: " + model + ": cannot be written: File too large; the last checkpoint is kept");
    assertThat(RunFile.read(model).state().step()).isZero();
    try (Stream<Path> files = Files.list(limited)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.safetensors", "history.csv");
    }
    assertThat(Cli.run("train", "--resume", limited).code()).isZero();
    assertThat(model).hasSameBinaryContentAs(free.resolve("model.safetensors"));
  }
}
