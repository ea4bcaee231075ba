package dev.elbo.cli;

import dev.elbo.checkpoint.AtomicFile;
import dev.elbo.checkpoint.CheckpointException;
import dev.elbo.inference.Run;
import dev.elbo.inference.RunFile;
import dev.elbo.report.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The folder of a run: {@code model.safetensors}, {@code history.csv}, {@code metrics.json}. */
final class RunDirectory {
  private static final String MODEL = "model.safetensors";
  private static final String HISTORY = "history.csv";
  private static final String METRICS = "metrics.json";

  private final Path folder;

  private RunDirectory(Path folder) {
    this.folder = folder;
  }

  /**
   * A folder for a new run; nothing is made yet.
   *
   * @throws IllegalArgumentException when it holds a run, or is no folder
   */
  static RunDirectory forNew(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("--out " + folder + ": is a file, not a folder");
    }
    for (String name : List.of(MODEL, HISTORY, METRICS)) {
      if (Files.exists(folder.resolve(name))) {
        throw new IllegalArgumentException(
            "--out %s: already holds a run (%s); go on with it by --resume %s, or choose another"
                .formatted(folder, name, folder));
      }
    }
    return new RunDirectory(folder);
  }

  /**
   * The folder of a run that was started.
   *
   * @throws IllegalArgumentException when it holds none
   */
  static RunDirectory existing(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          folder + (Files.exists(folder) ? ": is a file, not a folder" : ": no such folder"));
    }
    if (!Files.exists(folder.resolve(MODEL))) {
      throw new IllegalArgumentException(folder + ": holds no run: it has no file " + MODEL);
    }
    return new RunDirectory(folder);
  }

  Path folder() {
    return folder;
  }

  /** The file of the model. */
  Path model() {
    return folder.resolve(MODEL);
  }

  /** Whether the metrics of a finished run are there. */
  boolean hasMetrics() {
    return Files.exists(folder.resolve(METRICS));
  }

  /** Reads the run as it was last saved. */
  Run read() {
    return RunFile.read(model());
  }

  /** Reads the history; without the file it is empty. */
  History history() {
    Path file = folder.resolve(HISTORY);
    if (!Files.exists(file)) {
      return History.EMPTY;
    }
    try {
      return History.parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + reason(e), e);
    }
  }

  /**
   * Keeps other processes from training here until it is closed.
   *
   * @throws IllegalArgumentException when one does
   */
  RunLock lock() {
    return RunLock.of(folder);
  }

  /** Removes what killed processes left. */
  void clean() {
    AtomicFile.removeLeftovers(folder);
  }

  /**
   * Makes the folder and saves a run that is about to begin.
   *
   * @throws IllegalArgumentException when it cannot be written; no folder is left then that was not
   *     there before
   */
  void begin(Run run) {
    boolean made = !Files.exists(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IllegalArgumentException("--out " + folder + ": cannot be made: " + reason(e), e);
    }
    try {
      clean();
      RunFile.write(model(), run);
    } catch (CheckpointException e) {
      removeIf(made);
      throw new IllegalArgumentException("--out " + e.getMessage(), e);
    }
  }

  /**
   * Saves a run and its history. The history goes first: a process killed between the two leaves it
   * longer than the run, and what is too much is cut off on resuming.
   *
   * @throws FailedException when one cannot be written; the old file is as it was
   */
  void save(Run run, History history) {
    try {
      write(HISTORY, history.csv());
      RunFile.write(model(), run);
    } catch (CheckpointException e) {
      throw new FailedException(e.getMessage() + "; the last checkpoint is kept", e);
    }
  }

  /**
   * Saves the metrics.
   *
   * @throws FailedException when they cannot be written
   */
  void saveMetrics(String json) {
    try {
      write(METRICS, json);
    } catch (CheckpointException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void write(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve(name), out -> out.write(bytes));
  }

  private void removeIf(boolean made) {
    try {
      if (made) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      // An empty folder stays behind; what failed before is what the user has to know.
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "no such file or folder";
      case FileAlreadyExistsException exists -> exists.getFile() + " is a file, not a folder";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
