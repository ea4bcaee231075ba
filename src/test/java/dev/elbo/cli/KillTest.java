package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed with kill -9 goes on to the bits of one never stopped. */
class KillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int EPOCHS = 40;

  /** A model whose saving takes a good part of the time, so that kills hit it. */
  private static final List<String> OPTIONS =
      List.of(
          "--epochs",
          String.valueOf(EPOCHS),
          "--hidden",
          "160,160",
          "--batch",
          "16",
          "--predict-samples",
          "1",
          "--threads",
          "1");

  @TempDir private Path folder;
  private Path data = Path.of("");
  private Path whole = Path.of("");
  private Path killed = Path.of("");
  private Path err = Path.of("");

  @BeforeEach
  void trainWithoutInterruption() {
    data = Tables.classes(folder, "train.csv", 60);
    whole = folder.resolve("whole");
    killed = folder.resolve("killed");
    err = folder.resolve("err");
    Cli.Result result = Cli.run("train", data, "--out", whole, OPTIONS);
    assertThat(result.code()).as(result.err()).isZero();
  }

  private Process start() throws IOException {
    List<String> args = new ArrayList<>(List.of("train"));
    if (Files.exists(killed.resolve("model.safetensors"))) {
      args.addAll(List.of("--resume", killed.toString()));
    } else {
      args.addAll(List.of(data.toString(), "--out", killed.toString()));
      args.addAll(OPTIONS);
    }
    return Child.start(err, args);
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private void finishesEqual() throws IOException, InterruptedException {
    Process process = start();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    assertThat(killed.resolve("model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("model.safetensors"));
    try (Stream<Path> files = Files.list(killed)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.safetensors", "history.csv", "metrics.json");
    }
  }

  private boolean saving() throws IOException {
    try (Stream<Path> files = Files.list(killed)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith(".elbo-model"));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void killsAtRandom(int rounds, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      Process process = start();
      // A JVM needs about half a second to begin: some kills come before the first checkpoint.
      boolean ended = process.waitFor(400 + random.nextInt(800), TimeUnit.MILLISECONDS);
      if (ended) {
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
      }
      kill(process);
    }
    finishesEqual();
  }

  @Test
  @Timeout(120)
  void killedAtRandom() throws IOException, InterruptedException {
    killsAtRandom(3, 1);
  }

  @Tag("slow")
  @Test
  void killedAtRandomManyTimes() throws IOException, InterruptedException {
    killsAtRandom(40, 2);
  }

  @Test
  @Timeout(120)
  void killedDuringASave() throws IOException, InterruptedException {
    int hits = 0;
    for (int round = 0; round < 5 && hits < 2; round++) {
      Process process = start();
      while (process.isAlive() && !saving()) {
        Thread.onSpinWait();
      }
      kill(process);
      hits += saving() ? 1 : 0;
    }
    assertThat(hits).as("kills that left a half-written file").isPositive();
    finishesEqual();
  }
}
