package dev.elbo.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether a file holds what was published, however it was packed. */
final class ContentHash {
  private static final int BUFFER = 1 << 16;

  private ContentHash() {}

  /**
   * Checks the content of a file, unpacked if it is gz, reading at most a byte more than expected.
   *
   * @param size the expected number of bytes
   * @param sha256 their SHA-256 in hexadecimal
   * @throws DataException if the content is another
   */
  static void check(Path file, long size, String sha256) {
    MessageDigest digest = sha256();
    long seen = 0;
    try (Source source = Source.of(file)) {
      InputStream stream = source.stream();
      byte[] buffer = new byte[BUFFER];
      int read = stream.read(buffer);
      while (read >= 0 && seen <= size) {
        digest.update(buffer, 0, read);
        seen += read;
        read = stream.read(buffer);
      }
    } catch (IOException e) {
      throw Source.failure(file.toString(), e);
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (seen != size || !found.equals(sha256)) {
      throw new DataException(
          file
              + ": its content is not what was published ("
              + (seen == size ? "SHA-256 " + found + ", not " + sha256 : sizes(seen, size))
              + ")");
    }
  }

  private static String sizes(long seen, long size) {
    return (seen > size ? "more than " : seen + " bytes, not ") + size + " bytes";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
