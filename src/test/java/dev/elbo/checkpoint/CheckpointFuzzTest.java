package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.elbo.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any bytes are a value or a {@link CheckpointException} of one line; a value that was read is
 * written to bytes that are read and written the same.
 *
 * <p>Runs the seeds; {@code JAZZER_FUZZ=1 mvn test -Dtest=CheckpointFuzzTest#safetensors} searches
 * for more.
 */
class CheckpointFuzzTest {
  enum Kind {
    A,
    B
  }

  sealed interface Node permits Leaf, Branch {}

  record Leaf(int i, long l, double d, float f, boolean b, Kind kind) implements Node {}

  record Branch(String name, List<Node> nodes, Map<String, Double> map, Optional<Kind> kind)
      implements Node {}

  @TempDir static Path folder;

  @FuzzTest(maxDuration = "30s")
  void safetensors(byte[] bytes) throws IOException {
    SafetensorsFile content;
    try {
      content =
          Safetensors.read(
              Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length, "file");
    } catch (CheckpointException e) {
      assertOneLine(e, "file");
      return;
    }
    // Four bytes of the file for every float: nothing was allocated that the file does not hold.
    long floats = content.tensors().values().stream().mapToLong(t -> t.values().length).sum();
    assertThat(floats * Float.BYTES).isLessThan(bytes.length);
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Safetensors.write(first, content);
    SafetensorsFile again = Safetensors.read(first);
    Safetensors.write(second, again);
    assertThat(again.metadata()).isEqualTo(content.metadata());
    assertThat(again.tensors().keySet()).isEqualTo(content.tensors().keySet());
    content.tensors().forEach((name, tensor) -> assertSame(again.tensors().get(name), tensor));
    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
  }

  @FuzzTest(maxDuration = "30s")
  void recordJson(byte[] bytes) {
    Node node;
    try {
      node = RecordJson.read(Node.class, new String(bytes, StandardCharsets.UTF_8), "json");
    } catch (CheckpointException e) {
      assertOneLine(e, "json");
      return;
    }
    String json = RecordJson.write(node);
    assertThat(RecordJson.read(Node.class, json, "json")).isEqualTo(node);
    assertThat(RecordJson.read(Node.class, RecordJson.writePretty(node), "json")).isEqualTo(node);
  }

  private static void assertOneLine(CheckpointException e, String where) {
    // A path of 64 levels with cut names, and one cut value; Jackson's words are shorter.
    assertThat(e.getMessage()).startsWith(where).hasSizeLessThan(6000);
    assertThat(e.getMessage().lines()).hasSize(1);
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.values().length; i++) {
      assertThat(Float.floatToRawIntBits(actual.values()[i]))
          .isEqualTo(Float.floatToRawIntBits(expected.values()[i]));
    }
  }
}
