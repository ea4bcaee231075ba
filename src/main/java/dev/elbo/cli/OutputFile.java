package dev.elbo.cli;

import dev.elbo.checkpoint.AtomicFile;
import dev.elbo.checkpoint.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that {@code --out} names. */
record OutputFile(Path file) {
  /** Before the work, not after it. */
  void check() {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("--out " + file + ": no such folder");
    }
    if (Files.isDirectory(file) || !Files.isWritable(folder)) {
      throw new IllegalArgumentException(
          "--out " + file + (Files.isDirectory(file) ? ": is a folder" : ": permission denied"));
    }
  }

  /** Writes it, atomically. */
  void write(AtomicFile.BodyWriter body) {
    try {
      AtomicFile.write(file, body);
    } catch (CheckpointException e) {
      throw new FailedException("--out " + e.getMessage(), e);
    }
  }
}
