package dev.elbo.checkpoint;

import dev.elbo.tensor.Shape;
import dev.elbo.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads and writes safetensors files of float32 tensors.
 *
 * <p>Layout: the length of the header (8 bytes, little-endian), the header (JSON in UTF-8, padded
 * with spaces to a multiple of 8), the tensors' bytes (little-endian, row-major) without gaps. The
 * format is that of <a href="https://github.com/huggingface/safetensors">safetensors</a>.
 */
public final class Safetensors {
  private static final int LENGTH_BYTES = 8;
  private static final int CHUNK_BYTES = 1 << 18;

  private Safetensors() {}

  /**
   * Reads a file that nobody vouches for: sizes are checked against the file before anything is
   * allocated for them.
   *
   * @param file the file
   * @return its metadata and tensors
   * @throws CheckpointException where the file cannot be read, is damaged, or has a tensor of
   *     another type than F32
   */
  public static SafetensorsFile read(Path file) {
    String where = file.toString();
    // A pipe or a device has no size to check against, and opening it may wait for ever.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CheckpointException(where, "is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return read(channel, channel.size(), where);
    } catch (IOException e) {
      throw new CheckpointException(where, "cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  /**
   * Writes the file atomically; equal contents give equal bytes.
   *
   * @param file the file to create or replace
   * @param content what to write
   * @throws CheckpointException where it cannot be written; an existing file is unchanged then
   */
  public static void write(Path file, SafetensorsFile content) {
    byte[] header = SafetensorsHeader.encode(content, file.toString());
    AtomicFile.write(
        file,
        out -> {
          out.write(chunk(LENGTH_BYTES).putLong(header.length).array());
          out.write(header);
          byte[] chunk = new byte[CHUNK_BYTES];
          for (Tensor tensor : content.tensors().values()) {
            writeValues(out, tensor.values(), chunk);
          }
        });
  }

  static SafetensorsFile read(ReadableByteChannel channel, long size, String where)
      throws IOException {
    if (size < LENGTH_BYTES) {
      throw new CheckpointException(
          where, "has " + size + " bytes, too short for a safetensors file");
    }
    long headerLength = fill(channel, chunk(LENGTH_BYTES)).getLong();
    SafetensorsHeader.checkLength(headerLength, size - LENGTH_BYTES, where);
    ByteBuffer header = fill(channel, chunk((int) headerLength));
    SafetensorsHeader layout =
        SafetensorsHeader.parse(text(header, where), size - LENGTH_BYTES - headerLength, where);
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    ByteBuffer chunk = chunk(CHUNK_BYTES);
    for (SafetensorsHeader.Entry entry : layout.entries()) {
      tensors.put(entry.name(), readTensor(channel, entry.shape(), chunk));
    }
    return new SafetensorsFile(layout.metadata(), tensors);
  }

  private static String text(ByteBuffer header, String where) {
    try {
      // A fresh decoder reports malformed input, where new String would replace it.
      return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException(where, "header is not valid UTF-8", e);
    }
  }

  private static Tensor readTensor(ReadableByteChannel channel, Shape shape, ByteBuffer chunk)
      throws IOException {
    float[] values = new float[shape.elements()];
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, CHUNK_BYTES / Float.BYTES);
      FloatBuffer floats = fill(channel, chunk.clear().limit(count * Float.BYTES)).asFloatBuffer();
      floats.get(values, done, count);
      done += count;
    }
    return new Tensor(shape, values);
  }

  private static void writeValues(OutputStream out, float[] values, byte[] chunk)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, CHUNK_BYTES / Float.BYTES);
      buffer.asFloatBuffer().put(values, done, count);
      out.write(chunk, 0, count * Float.BYTES);
      done += count;
    }
  }

  private static ByteBuffer chunk(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer fill(ReadableByteChannel channel, ByteBuffer buffer)
      throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }
}
