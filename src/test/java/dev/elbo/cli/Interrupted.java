package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
