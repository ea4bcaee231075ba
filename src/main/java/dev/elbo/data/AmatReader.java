package dev.elbo.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads text of rows of 0 and 1 with blanks between them, plain or gz. */
final class AmatReader {
  private static final int FIRST_ROWS = 64;

  private final String file;
  private final int columns;
  private float[] values;
  private int filled;
  private int lastRowAt;

  private AmatReader(String file, int columns) {
    this.file = file;
    this.columns = columns;
    values = new float[FIRST_ROWS * columns];
  }

  /**
   * Reads all rows.
   *
   * @throws DataException if a row has more or fewer numbers than columns, or another than 0 and 1
   */
  static float[] read(Path path, int columns) {
    try (Source source = Source.of(path)) {
      return new AmatReader(source.name(), columns).read(source.stream());
    } catch (IOException e) {
      throw Source.failure(path.toString(), e);
    }
  }

  private float[] read(InputStream stream) throws IOException {
    for (int c = stream.read(); c >= 0; c = stream.read()) {
      switch (c) {
        case '0', '1' -> add(c - '0');
        case '\n' -> endRow();
        case ' ', '\r', '\t' -> {}
        default ->
            throw new DataException(
                file + ": row " + row() + ": '" + (char) c + "' is neither 0 nor 1");
      }
    }
    if (filled > lastRowAt) {
      endRow();
    }
    if (filled == 0) {
      throw new DataException(file + ": has no rows");
    }
    return Arrays.copyOf(values, filled);
  }

  private void add(float value) {
    if (filled == values.length) {
      HeapLimit.check(file, 2L * filled, 2 * Float.BYTES, Runtime.getRuntime().maxMemory());
      values = Arrays.copyOf(values, 2 * filled);
    }
    values[filled++] = value;
  }

  private void endRow() {
    if (filled - lastRowAt != columns) {
      throw new DataException(
          "%s: row %d has %d numbers, %d expected"
              .formatted(file, row(), filled - lastRowAt, columns));
    }
    lastRowAt = filled;
  }

  private int row() {
    return lastRowAt / columns + 1;
  }
}
