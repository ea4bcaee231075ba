package dev.elbo.data;

import java.util.regex.Pattern;

/**
 * Numbers as text files write them: an optional sign, digits with an optional point, and an
 * optional decimal exponent. Java's own suffixes and hexadecimal numbers are not among them.
 */
final class Decimal {
  private static final Pattern NOT_FINITE =
      Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

  private Decimal() {}

  /** Whether a field is meant as a number: it is one, is empty, or spells infinity or NaN. */
  static boolean isMeant(String field) {
    String text = field.strip();
    return text.isEmpty() || isNumber(text) || NOT_FINITE.matcher(text).matches();
  }

  /** Whether a field without white space around it has the form of a number. */
  static boolean isNumber(String text) {
    int end = text.length();
    int at = sign(text, 0);
    int whole = digits(text, at);
    int fraction = whole < end && text.charAt(whole) == '.' ? digits(text, whole + 1) : whole;
    boolean hasDigits = whole > at || fraction > whole + 1;
    if (!hasDigits || fraction == end) {
      return hasDigits;
    }
    if (text.charAt(fraction) != 'e' && text.charAt(fraction) != 'E') {
      return false;
    }
    int exponent = sign(text, fraction + 1);
    return exponent < end && digits(text, exponent) == end;
  }

  /**
   * The number in a field, to the nearest float; a number too small for one is 0.
   *
   * @throws NumberFormatException if there is none; the message says why
   */
  static float parse(String field) {
    String text = field.strip();
    if (text.isEmpty()) {
      throw new NumberFormatException("missing value");
    }
    if (!isNumber(text)) {
      boolean spelled = NOT_FINITE.matcher(text).matches();
      throw new NumberFormatException(
          DataException.quote(text) + (spelled ? " is not a finite number" : " is not a number"));
    }
    float value = Float.parseFloat(text);
    if (!Float.isFinite(value)) {
      throw new NumberFormatException(
          DataException.quote(text) + " is beyond the range of a 32-bit float");
    }
    return value;
  }

  private static int sign(String text, int at) {
    boolean signed = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
    return signed ? at + 1 : at;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
