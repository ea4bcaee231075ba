package dev.elbo.data;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Data that cannot be used: the message is one line that names the file, the row and column where
 * there are any, and the value.
 *
 * <p>Rows are lines of the file, from 1; columns are named, or numbered from 0 in a file without
 * names.
 */
public final class DataException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_CHARACTERS = 40;
  private static final int SHOWN_NAMES = 12;

  /** A problem in words; control characters, which could break the line, are shown as escapes. */
  public DataException(String message) {
    super(oneLine(message));
  }

  /** A problem in words, and what caused it. */
  public DataException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** A problem with one field of a table. */
  static DataException at(String file, long row, String column, String problem) {
    return new DataException(file + ": row " + row + ", column " + quote(column) + ": " + problem);
  }

  /** A value as it appears in a message: in quotes, and cut when it is long. */
  static String quote(String value) {
    if (value.length() <= SHOWN_CHARACTERS) {
      return "'" + value + "'";
    }
    return "'" + value.substring(0, SHOWN_CHARACTERS) + "...' (" + value.length() + " characters)";
  }

  /** Names as they appear in a message: quoted, the first dozen of them. */
  static String quote(List<String> names) {
    String shown =
        names.stream()
            .limit(SHOWN_NAMES)
            .map(DataException::quote)
            .collect(Collectors.joining(", "));
    return names.size() <= SHOWN_NAMES ? shown : shown + ", ... (" + names.size() + " in all)";
  }

  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        line.append(String.format("\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }
}
