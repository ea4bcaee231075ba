package dev.elbo.checkpoint;

/**
 * A file of this package cannot be read or written; the message is one line that names the file or
 * the JSON path, what is wrong there, and the value.
 */
public final class CheckpointException extends IllegalArgumentException {
  private static final int QUOTED_LENGTH = 60;

  /**
   * A problem found in the content.
   *
   * @param where the file or the path inside it
   * @param problem what is wrong there, with the value
   */
  public CheckpointException(String where, String problem) {
    super(oneLine(where + ": " + problem));
  }

  /**
   * A problem reported by something below.
   *
   * @param where the file or the path inside it
   * @param problem what is wrong there, with the value
   * @param cause the exception that reported it
   */
  public CheckpointException(String where, String problem, Throwable cause) {
    super(oneLine(where + ": " + problem), cause);
  }

  /** The value in single quotes; a long one is cut, because it comes from a hostile file. */
  static String quote(String value) {
    return value.length() <= QUOTED_LENGTH
        ? "'" + value + "'"
        : "'" + value.substring(0, QUOTED_LENGTH) + "...'";
  }

  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      line.append(breaks ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return line.toString();
  }
}
