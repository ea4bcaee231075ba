package dev.elbo.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Bytes to read, unpacked where they are gzip, and the name by which messages call them.
 *
 * @param name the file
 * @param stream its content, at its start
 */
record Source(String name, InputStream stream) implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /** A file; what it holds decides whether it is unpacked, not its name. */
  static Source of(Path file) {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new DataException(name + ": is a folder, not a file");
    }
    try {
      return of(name, Files.newInputStream(file));
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  /** A stream, which is closed when it cannot be read. */
  static Source of(String name, InputStream bytes) throws IOException {
    try {
      InputStream buffered = new BufferedInputStream(bytes, BUFFER);
      buffered.mark(2);
      boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
      buffered.reset();
      return new Source(name, gzip ? new GZIPInputStream(buffered, BUFFER) : buffered);
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  /** Why bytes could not be read, in the words of a person. */
  static DataException failure(String name, IOException e) {
    String reason =
        switch (e) {
          case NoSuchFileException _ -> "no such file";
          case AccessDeniedException _ -> "permission denied";
          case EOFException _ -> "truncated: its gzip data ends too early";
          case ZipException _ -> "damaged gzip data (" + e.getMessage() + ")";
          case CharacterCodingException _ -> "not UTF-8 text";
          default -> "cannot be read (" + e.getMessage() + ")";
        };
    return new DataException(name + ": " + reason, e);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw failure(name, e);
    }
  }
}
