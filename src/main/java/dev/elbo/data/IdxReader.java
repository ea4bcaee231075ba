package dev.elbo.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads IDX files, plain or gz: the format of MNIST (Y. LeCun, C. Cortes, C. Burges).
 *
 * <p>A big-endian header, (2051, count, rows, columns) for pictures or (2049, count) for labels, is
 * followed by one byte a pixel or label. Nothing is allocated for bytes that a header promises
 * until they were seen, and a file that holds more or fewer than promised is refused.
 */
public final class IdxReader {
  private static final int IMAGES = 2051;
  private static final int LABELS = 2049;
  private static final int CHUNK = 1 << 20;
  private static final int BRIGHTEST = 255;

  /** A pixel as a byte while the file is read, and as a float in the end. */
  private static final int BYTES_A_VALUE = 1 + Float.BYTES;

  private IdxReader() {}

  /**
   * The pictures of a file.
   *
   * @param rows the height, in pixels
   * @param columns the width, in pixels
   * @param pixels count x rows x columns, 0 to 255
   */
  public record Images(int count, int rows, int columns, float[] pixels) {
    /** What they are; where no pixel is above 1, as in binarised pictures, 1 is the brightest. */
    Content.Images content() {
      for (float pixel : pixels) {
        if (pixel > 1) {
          return new Content.Images(rows, columns, BRIGHTEST);
        }
      }
      return new Content.Images(rows, columns, 1);
    }
  }

  /**
   * Reads pictures.
   *
   * @throws DataException if the file is not exactly what its header says
   */
  public static Images images(Path file) {
    try (Source source = Source.of(file)) {
      return images(source);
    }
  }

  static Images images(Source source) {
    int[] sizes = header(source, IMAGES, "images", 3);
    return new Images(sizes[0], sizes[1], sizes[2], body(source, sizes));
  }

  /**
   * Reads labels, 0 to 255.
   *
   * @throws DataException if the file is not exactly what its header says
   */
  public static float[] labels(Path file) {
    try (Source source = Source.of(file)) {
      return labels(source);
    }
  }

  static float[] labels(Source source) {
    return body(source, header(source, LABELS, "labels", 1));
  }

  private static int[] header(Source source, int magic, String what, int dimensions) {
    int found = integer(source);
    if (found != magic) {
      throw new DataException(
          source.name()
              + ": not an IDX file of "
              + what
              + ": it starts with "
              + Integer.toUnsignedString(found)
              + ", not "
              + magic);
    }
    int[] sizes = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      sizes[i] = integer(source);
      if (sizes[i] <= 0) {
        throw new DataException(
            source.name() + ": size " + i + " in its header is " + sizes[i] + ", not positive");
      }
    }
    return sizes;
  }

  private static int integer(Source source) {
    byte[] bytes = new byte[Integer.BYTES];
    if (fill(source, bytes) < bytes.length) {
      throw new DataException(source.name() + ": truncated: it ends within its header");
    }
    int value = 0;
    for (byte b : bytes) {
      value = value << Byte.SIZE | Byte.toUnsignedInt(b);
    }
    return value;
  }

  private static float[] body(Source source, int[] sizes) {
    long total = 1;
    for (int size : sizes) {
      total = saturatedProduct(total, size);
    }
    HeapLimit.check(source.name(), total, BYTES_A_VALUE, Runtime.getRuntime().maxMemory());
    List<byte[]> chunks = chunks(source, (int) total);
    expectEnd(source, total);
    float[] values = new float[(int) total];
    int next = 0;
    for (byte[] chunk : chunks) {
      convert(chunk, values, next);
      next += chunk.length;
    }
    return values;
  }

  private static void convert(byte[] chunk, float[] values, int first) {
    for (int i = 0; i < chunk.length; i++) {
      values[first + i] = Byte.toUnsignedInt(chunk[i]);
    }
  }

  private static long saturatedProduct(long a, int b) {
    return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  private static List<byte[]> chunks(Source source, int total) {
    List<byte[]> chunks = new ArrayList<>();
    for (int seen = 0; seen < total; ) {
      byte[] chunk = new byte[Math.min(CHUNK, total - seen)];
      int read = fill(source, chunk);
      seen += read;
      if (read < chunk.length) {
        throw new DataException(
            source.name()
                + ": truncated: it ends after "
                + seen
                + " of the "
                + total
                + " bytes that its header announces");
      }
      chunks.add(chunk);
    }
    return chunks;
  }

  private static void expectEnd(Source source, long total) {
    try {
      if (source.stream().read() >= 0) {
        throw new DataException(
            source.name() + ": goes on after the " + total + " bytes that its header announces");
      }
    } catch (IOException e) {
      throw Source.failure(source.name(), e);
    }
  }

  /** Reads until the array is full or the data ends, and says how many bytes there were. */
  private static int fill(Source source, byte[] bytes) {
    InputStream stream = source.stream();
    int filled = 0;
    try {
      while (filled < bytes.length) {
        int read = stream.read(bytes, filled, bytes.length - filled);
        if (read < 0) {
          break;
        }
        filled += read;
      }
      return filled;
    } catch (EOFException e) {
      // gzip data that is cut off: the caller knows how much was to come
      return filled;
    } catch (IOException e) {
      throw Source.failure(source.name(), e);
    }
  }
}
