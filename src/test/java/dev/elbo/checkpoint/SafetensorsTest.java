package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.tensor.Shape;
import dev.elbo.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  /** Written by the reference implementation (Python package safetensors 0.8.0). */
  private static final String REFERENCE_HEADER =
      "{\"__metadata__\":{\"seed\":\"42\"},\"b\":{\"dtype\":\"F32\",\"shape\":[1],"
          + "\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],"
          + "\"data_offsets\":[4,20]}}     ";

  private static final byte[] REFERENCE =
      concat(
          HexFormat.of().parseHex("9000000000000000"),
          REFERENCE_HEADER.getBytes(StandardCharsets.UTF_8),
          HexFormat.of().parseHex("0000e0400000c03f000000c0cdcccc3de6b1617f"));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void path() {
    file = folder.resolve("model.safetensors");
  }

  @Test
  void readsTheReferenceImplementation() throws IOException {
    Files.write(file, REFERENCE);
    SafetensorsFile content = Safetensors.read(file);
    assertThat(content.metadata()).containsExactly(Map.entry("seed", "42"));
    assertThat(content.tensors().keySet()).containsExactly("b", "w");
    assertThat(content.tensors().get("b").shape()).isEqualTo(Shape.of(1));
    assertThat(content.tensors().get("b").values()).containsExactly(7f);
    assertThat(content.tensors().get("w").shape()).isEqualTo(Shape.of(2, 2));
    assertThat(content.tensors().get("w").values()).containsExactly(1.5f, -2f, 0.1f, 3e38f);
  }

  @Test
  void writesTheReferenceImplementationsBytes() {
    Safetensors.write(file, referenceContent());
    assertThat(file).hasBinaryContent(REFERENCE);
  }

  @Test
  void theOrderOfInsertionDoesNotMatter() throws IOException {
    SortedMap<String, Tensor> backwards = new TreeMap<>((a, b) -> b.compareTo(a));
    backwards.putAll(referenceContent().tensors());
    Safetensors.write(file, referenceContent());
    byte[] first = Files.readAllBytes(file);
    SafetensorsFile sorted = new SafetensorsFile(referenceContent().metadata(), backwards);
    assertThat(sorted.tensors().firstKey()).isEqualTo("b");
    Safetensors.write(file, sorted);
    assertThat(file).hasBinaryContent(first);
  }

  @Test
  void anEmptyFileIsTheShortest() throws IOException {
    Safetensors.write(file, content(Map.of()));
    assertThat(file)
        .hasBinaryContent(concat(little(8), "{}      ".getBytes(StandardCharsets.UTF_8)));
    assertThat(Safetensors.read(file).tensors()).isEmpty();
    assertThat(Safetensors.read(file).metadata()).isEmpty();
  }

  @Test
  void namesAndTextsKeepEveryCharacter() {
    String odd = "\"\\/\n\t\u0000\u007f\u2028é中😀 ";
    SafetensorsFile written =
        new SafetensorsFile(
            new TreeMap<>(Map.of(odd, odd)), new TreeMap<>(Map.of(odd, tensor(Shape.SCALAR, 1f))));
    Safetensors.write(file, written);
    assertThat(Safetensors.read(file).metadata()).isEqualTo(written.metadata());
    assertThat(Safetensors.read(file).tensors().keySet()).containsExactly(odd);
    assertThat(Safetensors.read(file).tensors().get(odd).shape()).isEqualTo(Shape.SCALAR);
  }

  @Test
  void valuesKeepEveryBit() {
    float[] values = {
      0f, -0f, Float.MIN_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN
    };
    Safetensors.write(file, content(Map.of("x", tensor(Shape.of(6), values))));
    assertThat(bits(Safetensors.read(file).tensors().get("x"))).isEqualTo(bits(values));
  }

  @Test
  void tensorsOfManyChunksAreWhole() throws IOException {
    // More than two chunks of 65536 floats and a part of one, beside a neighbour.
    float[] large = new float[150_001];
    for (int i = 0; i < large.length; i++) {
      large[i] = i;
    }
    Safetensors.write(
        file,
        content(Map.of("a", tensor(Shape.of(150_001), large), "b", tensor(Shape.of(2), -1f, -2f))));
    SafetensorsFile read = Safetensors.read(file);
    assertThat(read.tensors().get("a").values()).isEqualTo(large);
    assertThat(read.tensors().get("b").values()).containsExactly(-1f, -2f);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int data = 8 + (int) bytes.getLong(0);
    assertThat(bytes.getFloat(data + 4 * 149_999)).isEqualTo(149_999f);
    assertThat(bytes.getFloat(data + 4 * 150_002)).isEqualTo(-2f);
    assertThat(bytes.capacity()).isEqualTo(data + 4 * 150_003);
  }

  @Test
  void aFailedWriteKeepsTheOldFile() throws IOException {
    Files.write(file, REFERENCE);
    Path below = file.resolve("model");
    assertThatThrownBy(() -> Safetensors.write(below, referenceContent()))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(below + ": cannot be written: Not a directory");
    assertThat(file).hasBinaryContent(REFERENCE);
  }

  @Test
  void aHeaderThatCannotBeReadIsNotWritten() {
    // The limit counts bytes: 34 million characters of 3 bytes are above 100 million,
    // with 25 for {"__metadata__":{"m":""}} and 7 of padding.
    SafetensorsFile large =
        new SafetensorsFile(new TreeMap<>(Map.of("m", "中".repeat(34_000_000))), new TreeMap<>());
    assertThatThrownBy(() -> Safetensors.write(file, large))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": header length 102000032 is above the limit 100000000");
    assertThat(file).doesNotExist();
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    for (int length = 0; length < REFERENCE.length; length++) {
      Files.write(file, Arrays.copyOf(REFERENCE, length));
      assertThatThrownBy(() -> Safetensors.read(file))
          .as("%d bytes", length)
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  @Test
  void aFileThatShrinksWhileReadIsRefused() throws IOException {
    Files.write(file, Arrays.copyOf(REFERENCE, REFERENCE.length - 1));
    try (var channel = Files.newByteChannel(file)) {
      assertThatThrownBy(() -> Safetensors.read(channel, REFERENCE.length, "model"))
          .isInstanceOf(IOException.class)
          .hasMessage("the file became shorter while it was read");
    }
  }

  @Test
  void whatIsNotAFileIsRefused() {
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": cannot be read: no such file or folder");
    assertThatThrownBy(() -> Safetensors.read(folder))
        .hasMessage(folder + ": is not a regular file");
    assertThatThrownBy(() -> Safetensors.read(Path.of("/dev/zero")))
        .hasMessage("/dev/zero: is not a regular file");
  }

  @Test
  void headerLengthsAreCheckedBeforeTheyAreAllocated() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(little(100_000_001));
      sparse.setLength(200_000_000);
    }
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessage(file + ": header length 100000001 is above the limit 100000000");
    Files.write(file, little(-1));
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessage(file + ": header length 18446744073709551615 is above the limit 100000000");
    Files.write(file, concat(little(9), new byte[8]));
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessage(file + ": header length 9 is more than the file has, 8");
    Files.write(file, new byte[7]);
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessage(file + ": has 7 bytes, too short for a safetensors file");
  }

  @Test
  void theContentChecksItsNames() {
    Tensor one = tensor(Shape.SCALAR, 1f);
    assertThatThrownBy(() -> content(Map.of("__metadata__", one)))
        .hasMessage("a tensor cannot be named '__metadata__'");
    assertThatThrownBy(() -> content(Map.of("\ud800", one)))
        .hasMessage("tensor name has half a surrogate pair");
    assertThatThrownBy(
            () -> new SafetensorsFile(new TreeMap<>(Map.of("a", "\udc00")), new TreeMap<>()))
        .hasMessage("text of metadata 'a' has half a surrogate pair");
    assertThatThrownBy(
            () -> new SafetensorsFile(new TreeMap<>(Map.of("\ud800", "")), new TreeMap<>()))
        .hasMessage("metadata name has half a surrogate pair");
  }

  @Test
  void theContentIsACopy() {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    SafetensorsFile content = new SafetensorsFile(new TreeMap<>(), tensors);
    tensors.put("late", tensor(Shape.SCALAR, 1f));
    assertThat(content.tensors()).isEmpty();
    assertThatThrownBy(() -> content.tensors().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static SafetensorsFile referenceContent() {
    return new SafetensorsFile(
        new TreeMap<>(Map.of("seed", "42")),
        new TreeMap<>(
            Map.of(
                "w",
                tensor(Shape.of(2, 2), 1.5f, -2f, 0.1f, 3e38f),
                "b",
                tensor(Shape.of(1), 7f))));
  }

  private static SafetensorsFile content(Map<String, Tensor> tensors) {
    return new SafetensorsFile(new TreeMap<>(), new TreeMap<>(tensors));
  }

  private static Tensor tensor(Shape shape, float... values) {
    return new Tensor(shape, values);
  }

  private static int[] bits(Tensor tensor) {
    return bits(tensor.values());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  static byte[] little(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  static byte[] concat(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }
}
