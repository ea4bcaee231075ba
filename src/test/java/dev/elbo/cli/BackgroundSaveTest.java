package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.inference.Run;
import dev.elbo.report.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackgroundSaveTest {
  @TempDir private Path folder;
  private RunDirectory directory = RunDirectory.forNew(Path.of("nowhere"));

  @BeforeEach
  void train() {
    Path data = Tables.classes(folder, "train.csv", 40);
    Path out = folder.resolve("run");
    assertThat(Cli.run("train", data, "--out", out, "--epochs", 2, Cli.SMALL).code()).isZero();
    directory = RunDirectory.existing(out);
  }

  private static void remove(Path... files) throws IOException {
    for (Path file : files) {
      Files.delete(file);
    }
  }

  @Test
  void savesTheRunAndItsHistory() throws IOException {
    Run run = directory.read();
    History history = directory.history();
    Path historyFile = directory.folder().resolve("history.csv");
    byte[] model = Files.readAllBytes(directory.model());
    byte[] epochs = Files.readAllBytes(historyFile);
    remove(directory.model(), historyFile);
    try (BackgroundSave save = new BackgroundSave(directory, 1)) {
      save.begin(run, history, 2);
      assertThat(save.epoch()).isEqualTo(1);
      save.finish();
      assertThat(save.epoch()).isEqualTo(2);
      assertThat(directory.model()).hasBinaryContent(model);
      assertThat(historyFile).hasBinaryContent(epochs);
    }
  }

  @Test
  void closingWaitsForTheSave() throws IOException {
    Run run = directory.read();
    History history = directory.history();
    remove(directory.model());
    try (BackgroundSave save = new BackgroundSave(directory, 1)) {
      save.begin(run, history, 2);
    }
    assertThat(directory.model()).exists();
  }

  @Test
  void aFailureIsToldByWhatComesNextAndOnlyOnce() throws IOException {
    Run run = directory.read();
    History history = directory.history();
    remove(directory.model());
    Files.createDirectory(directory.model());
    String told = directory.model() + ": is not a regular file; the last checkpoint is kept";
    try (BackgroundSave save = new BackgroundSave(directory, 1)) {
      save.begin(run, history, 2);
      assertThatThrownBy(() -> save.begin(run, history, 3))
          .isInstanceOf(FailedException.class)
          .hasMessage(told);
      save.begin(run, history, 3);
      assertThatThrownBy(save::finish).isInstanceOf(FailedException.class).hasMessage(told);
      assertThat(save.epoch()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptedWaitKeepsTheInterrupt() {
    Run run = directory.read();
    History history = directory.history();
    try (BackgroundSave save = new BackgroundSave(directory, 1)) {
      save.begin(run, history, 2);
      Thread.currentThread().interrupt();
      assertThatThrownBy(save::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("interrupted while a checkpoint was being saved");
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
