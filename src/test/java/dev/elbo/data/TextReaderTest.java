package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextReaderTest {
  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void eachCharacterIsARowAndTheNextItsTarget() throws IOException {
    Dataset data = TextReader.read(file("a.txt", "cab\nbac"), Optional.empty());
    assertThat(data.schema().classes()).containsExactly("\n", "a", "b", "c");
    assertThat(data.schema().task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(data.schema().content()).isEqualTo(new Content.Text());
    assertThat(data.train().features()).isEqualTo(1);
    assertThat(data.train().inputs()).containsExactly(3, 1, 2, 0, 2, 1);
    assertThat(data.train().targets()).containsExactly(1, 2, 0, 2, 1, 3);
    assertThat(data.test()).isEmpty();
  }

  @Test
  void theLastTenthIsToTestWith() throws IOException {
    Dataset data = TextReader.read(file("a.txt", "ab".repeat(50)), Optional.empty());
    assertThat(data.train().size()).isEqualTo(89);
    assertThat(data.test().orElseThrow().size()).isEqualTo(9);
    assertThat(data.test().orElseThrow().inputs()).startsWith(0, 1, 0);
  }

  @Test
  void anotherFileToTestWithLeavesTheFirstWhole() throws IOException {
    Path other = file("b.txt", "bba");
    Dataset data = TextReader.read(file("a.txt", "ab".repeat(50)), Optional.of(other));
    assertThat(data.train().size()).isEqualTo(99);
    assertThat(data.test().orElseThrow().inputs()).containsExactly(1, 1);
  }

  @Test
  void charactersAreCodePoints() throws IOException {
    Path file = folder.resolve("a.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("x\uD83D\uDE00\u00e9x".getBytes(StandardCharsets.UTF_8));
    }
    Dataset data = TextReader.read(file, Optional.empty());
    assertThat(data.schema().classes()).isEqualTo(List.of("x", "\u00e9", "\uD83D\uDE00"));
    assertThat(data.train().inputs()).containsExactly(0, 2, 1);
  }

  @Test
  void anUnknownCharacterIsNamedWithItsPlace() throws IOException {
    Schema schema = TextReader.read(file("a.txt", "ab\nab"), Optional.empty()).schema();
    assertThatThrownBy(() -> TextReader.encode("ab\naz", schema, "--prompt"))
        .isInstanceOf(DataException.class)
        .hasMessage("--prompt: line 2, character 2: the model does not know 'z' (U+007A)");
    Path other = file("b.txt", "a\tb");
    assertThatThrownBy(() -> TextReader.read(other, schema))
        .isInstanceOf(DataException.class)
        .hasMessage(other + ": line 1, character 2: the model does not know '\\u0009' (U+0009)");
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    Path empty = file("empty.txt", "");
    assertThatThrownBy(() -> TextReader.read(empty, Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessage(empty + ": a text needs at least 2 characters, this has 0");
    Path same = file("same.txt", "aaaa");
    assertThatThrownBy(() -> TextReader.read(same, Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessage(same + ": has one character again and again: nothing to predict");
    Path bytes = Files.write(folder.resolve("bytes.txt"), new byte[] {65, (byte) 0xC3, 65});
    assertThatThrownBy(() -> TextReader.read(bytes, Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessage(bytes + ": not UTF-8 text at byte 1");
    Path missing = folder.resolve("missing.txt");
    assertThatThrownBy(() -> TextReader.read(missing, Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessage(missing + ": no such file");
  }

  @Test
  void aTextThatIsTooLongIsRefusedBeforeItIsHeld() throws IOException {
    Path file = folder.resolve("long.txt.gz");
    byte[] megabyte = "ab".repeat(1 << 19).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < 17; i++) {
        out.write(megabyte);
      }
    }
    assertThatThrownBy(() -> TextReader.read(file, Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": has more than 16777216 characters");
  }
}
