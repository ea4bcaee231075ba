package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void oldContent() throws IOException {
    target = Files.writeString(folder.resolve("model"), "old");
  }

  @Test
  void createsAndReplaces() {
    Path created = folder.resolve("created");
    AtomicFile.write(created, out -> out.write(bytes("first")));
    AtomicFile.write(target, out -> out.write(bytes("second")));
    assertThat(created).hasContent("first");
    assertThat(target).hasContent("second");
    assertThat(names()).containsExactlyInAnyOrder("created", "model");
  }

  @Test
  void acceptsABareFileName() {
    Path bare = Path.of("atomic-file-test.tmp");
    try {
      AtomicFile.write(bare, out -> out.write(1));
      assertThat(bare).hasSize(1);
    } finally {
      assertThat(bare.toFile().delete()).isTrue();
    }
  }

  @Test
  void theBodyMayCloseItsWriter() {
    AtomicFile.write(
        target,
        out -> {
          try (Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
            writer.write("new");
          }
        });
    assertThat(target).hasContent("new");
  }

  @Test
  void theOldContentStaysUntilTheEnd() {
    AtomicFile.write(
        target,
        out -> {
          out.write(bytes("half"));
          assertThat(target).hasContent("old");
        });
    assertThat(target).hasContent("half");
  }

  @Test
  void aFullDiskLeavesTheOldFileAlone() {
    assertThatThrownBy(() -> AtomicFile.write(target, out -> fullAfter(5, out)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(target + ": cannot be written: No space left on device");
    assertUntouched();
  }

  @Test
  void anUncheckedIoExceptionIsAFailureToo() {
    IOException full = new IOException("No space left on device");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    _ -> {
                      throw new UncheckedIOException(full);
                    }))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(target + ": cannot be written: No space left on device");
    assertUntouched();
  }

  @Test
  void anotherExceptionIsPassedOn() {
    IllegalStateException bug = new IllegalStateException("bug");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    _ -> {
                      throw bug;
                    }))
        .isSameAs(bug);
    assertUntouched();
  }

  @Test
  void anInterruptedWriterIsNamed() {
    try {
      assertThatThrownBy(
              () ->
                  AtomicFile.write(
                      target,
                      out -> {
                        Thread.currentThread().interrupt();
                        out.write(1);
                      }))
          .hasMessage(target + ": cannot be written: interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertUntouched();
  }

  @Test
  void aMissingFolderIsNamed() {
    Path lost = folder.resolve("none/model");
    assertThatThrownBy(() -> AtomicFile.write(lost, out -> out.write(1)))
        .hasMessage(lost + ": cannot be written: no such file or folder");
  }

  @Test
  void aFileInPlaceOfTheFolderIsNamed() {
    Path below = target.resolve("model");
    assertThatThrownBy(() -> AtomicFile.write(below, out -> out.write(1)))
        .hasMessage(below + ": cannot be written: Not a directory");
  }

  @Test
  void onlyRegularFilesAreReplaced() {
    assertThatThrownBy(() -> AtomicFile.write(folder, out -> out.write(1)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(folder + ": is not a regular file");
    assertUntouched();
  }

  @Test
  void aLinkIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("model"));
    AtomicFile.write(link, out -> out.write(bytes("new")));
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
  }

  @Test
  void aLinkToADeviceIsNotReplaced() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/null"));
    assertThatThrownBy(() -> AtomicFile.write(link, out -> out.write(1)))
        .hasMessage(link + ": is not a regular file");
  }

  @Test
  void aKilledWriterLeavesTheOldFileAndOneRecognisableFile() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HalfWriter.class.getName(),
                target.toString())
            .redirectErrorStream(true)
            .start();
    // The process says one byte when half of the content is on its way, and then waits.
    assertThat(writer.getInputStream().read()).isEqualTo('h');
    writer.destroyForcibly().waitFor();

    assertThat(target).hasContent("old");
    assertThat(names()).hasSize(2).anyMatch(name -> name.matches("\\.elbo-model-.*\\.tmp"));
    AtomicFile.write(target, out -> out.write(bytes("new")));
    assertThat(target).hasContent("new");
    assertThat(AtomicFile.removeLeftovers(folder)).isEqualTo(1);
    assertThat(names()).containsExactly("model");
  }

  /** Stops in the middle of a write, to be killed there. */
  static final class HalfWriter {
    public static void main(String[] arguments) {
      AtomicFile.write(
          Path.of(arguments[0]),
          out -> {
            out.write(bytes("half"));
            System.out.write('h');
            System.out.flush();
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
    }
  }

  @Test
  void onlyLeftoversAreRemoved() throws IOException {
    Files.createFile(folder.resolve(".elbo-model-1f.tmp"));
    Files.createFile(folder.resolve(".elbo-model"));
    Files.createFile(folder.resolve("notes.tmp"));
    Files.createDirectory(folder.resolve(".elbo-folder.tmp"));
    assertThat(AtomicFile.removeLeftovers(folder)).isEqualTo(1);
    assertThat(names())
        .containsExactlyInAnyOrder("model", ".elbo-model", "notes.tmp", ".elbo-folder.tmp");
  }

  @Test
  void leftoversOfAMissingFolderAreAnError() {
    Path lost = folder.resolve("none");
    assertThatThrownBy(() -> AtomicFile.removeLeftovers(lost))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(lost + ": cannot remove temporary files: no such file or folder");
  }

  @Test
  void reasonsAreWords() {
    assertThat(AtomicFile.reason(new AccessDeniedException("/x"))).isEqualTo("permission denied");
    assertThat(AtomicFile.reason(new FileSystemException("/x"))).isEqualTo("FileSystemException");
    assertThat(AtomicFile.reason(new FileSystemException("/x", null, "Is a directory")))
        .isEqualTo("Is a directory");
    assertThat(AtomicFile.reason(new IOException())).isEqualTo("IOException");
  }

  private void assertUntouched() {
    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("model");
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fullAfter(int bytes, OutputStream out) throws IOException {
    out.write(new byte[bytes]);
    throw new IOException("No space left on device");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
