package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.function.Consumer;

/** What holds for every reader and any bytes. */
final class ReaderFuzz {
  /** The fixed part is for buffers (fastcsv's hold 4 MiB); gz expands a byte to at most 1032. */
  private static final long FIXED_BYTES = 64 << 20;

  /** Bytes made for each byte read: a table of short fields makes an object for each. */
  private static final long BYTES_A_BYTE = 1032 * 256;

  private ReaderFuzz() {}

  /**
   * Checks that a reader takes the bytes or refuses them with one line, in bounded memory.
   *
   * @param reader reads a source and checks what it got
   */
  static void check(byte[] bytes, Consumer<Source> reader) {
    // The first time classes are loaded, which Jazzer's agent rewrites on this thread.
    readOrRefuse(bytes, reader);
    long allocated = Allocation.of(() -> readOrRefuse(bytes, reader));
    assertThat(allocated).isLessThan(FIXED_BYTES + BYTES_A_BYTE * bytes.length);
  }

  private static void readOrRefuse(byte[] bytes, Consumer<Source> reader) {
    try {
      reader.accept(source(bytes));
    } catch (DataException e) {
      assertThat(e.getMessage()).startsWith("fuzz: ").doesNotContain("\n", "\r");
    }
  }

  private static Source source(byte[] bytes) {
    try {
      return Source.of("fuzz", new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw Source.failure("fuzz", e);
    }
  }

  static void assertFinite(float[] values) {
    for (float value : values) {
      assertThat(value).isFinite();
    }
  }
}
