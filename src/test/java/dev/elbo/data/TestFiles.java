package dev.elbo.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Files for tests to read, put together byte by byte. */
final class TestFiles {
  private TestFiles() {}

  static Path write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  static Path write(Path folder, String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  static byte[] gz(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(packed)) {
      gz.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return packed.toByteArray();
  }

  static byte[] gz(String text) {
    return gz(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Big-endian integers, as IDX headers have them, and bytes after them. */
  static byte[] idx(int[] header, int... body) {
    ByteBuffer bytes = ByteBuffer.allocate(header.length * Integer.BYTES + body.length);
    for (int value : header) {
      bytes.putInt(value);
    }
    for (int value : body) {
      bytes.put((byte) value);
    }
    return bytes.array();
  }

  static byte[] images(int count, int rows, int columns, int... pixels) {
    return idx(new int[] {2051, count, rows, columns}, pixels);
  }

  static byte[] labels(int... labels) {
    return idx(new int[] {2049, labels.length}, labels);
  }
}
