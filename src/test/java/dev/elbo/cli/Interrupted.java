package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Leaves the folder of a run as a process leaves it that dies after an epoch. */
final class Interrupted {
  private Interrupted() {}

  /** Trains to the end, and keeps a copy of the folder as it was when the epoch was told. */
  static void train(Path kept, int epoch, Object... args) {
    Path whole = kept.resolveSibling(kept.getFileName() + "-whole");
    StringWriter err =
        new StringWriter() {
          @Override
          public void write(String text, int offset, int length) {
            super.write(text, offset, length);
            if (text.startsWith("epoch " + epoch + "/", offset)) {
              copy(whole, kept);
            }
          }
        };
    Host host =
        new Host(new PrintWriter(new StringWriter()), new PrintWriter(err), () -> false, Map.of());
    List<String> words = Cli.words("train", List.of(args), "--out", whole);
    assertThat(Main.run(words, host)).as(err.toString()).isZero();
  }

  /** Copies a folder, to which a save may be writing, as it is at one moment. */
  static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to);
      while (!copied(from, to)) {
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the files stayed the same while they were copied. */
  private static boolean copied(Path from, Path to) throws IOException {
    try {
      Map<Path, Object> before = files(from);
      for (Path old : files(to).keySet()) {
        Files.delete(old);
      }
      for (Path file : before.keySet()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
      return files(from).equals(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The files of a folder, and which they are: a save puts another in the place of one. */
  private static Map<Path, Object> files(Path folder) throws IOException {
    Map<Path, Object> all = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        all.put(file, List.of(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime()));
      }
    }
    return all;
  }
}
