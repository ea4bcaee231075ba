package dev.elbo.checkpoint;

import static dev.elbo.checkpoint.CheckpointException.quote;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON parser for hostile text whose every error is a {@link CheckpointException} with the path
 * of the current value: {@code model.layers[2].units: expected a whole number, got 'x'}.
 */
final class JsonReader implements AutoCloseable {
  /** How deep objects and lists may be nested. */
  static final int MAX_DEPTH = 64;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names of a hostile file must not stay in tables that outlive it.
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(SafetensorsHeader.MAX_LENGTH)
                  .build())
          .build();

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,59}");

  private final JsonParser parser;
  private final String where;

  JsonReader(String json, String where) {
    this.parser = FACTORY.createParser(ObjectReadContext.empty(), json);
    this.where = where;
  }

  /** Moves to the next token; null is the end of the text. */
  @Nullable JsonToken next() {
    try {
      return parser.nextToken();
    } catch (JacksonException e) {
      throw failure(e);
    }
  }

  /** The key just read. */
  String name() {
    return unicode(parser.currentName());
  }

  void expect(JsonToken token, String what) {
    if (parser.currentToken() != token) {
      throw expected(what);
    }
  }

  /** The current value, a string. */
  String string() {
    expect(JsonToken.VALUE_STRING, "a string");
    return unicode(text());
  }

  /** The current value, a whole number in the range. */
  long whole(long min, long max) {
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    try {
      long value = Long.parseLong(text());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // More digits than a long has: out of range like the others.
    }
    throw expected("a whole number from " + min + " to " + max);
  }

  /** The digits of the current value, a number of any kind. */
  String number() {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      expect(JsonToken.VALUE_NUMBER_FLOAT, "a number");
    }
    return text();
  }

  /** Whether the current value is this kind of token. */
  boolean is(JsonToken token) {
    return parser.currentToken() == token;
  }

  /** Refuses text after the value. */
  void end() {
    if (next() != null) {
      throw error("more text after the end");
    }
  }

  CheckpointException expected(String what) {
    return error("expected " + what + ", got " + got());
  }

  CheckpointException error(String problem) {
    return new CheckpointException(where + path(parser.streamReadContext()), problem);
  }

  CheckpointException error(String problem, Throwable cause) {
    return new CheckpointException(where + path(parser.streamReadContext()), problem, cause);
  }

  @Override
  public void close() {
    parser.close();
  }

  /** How a path goes on to a key: {@code .units}, or {@code ['a b']} where dots would mislead. */
  static String key(String name) {
    return PLAIN_NAME.matcher(name).matches() ? "." + name : "[" + quote(name) + "]";
  }

  private static String path(@Nullable TokenStreamContext context) {
    if (context == null || context.inRoot()) {
      return "";
    }
    String parent = path(context.getParent());
    if (context.inArray()) {
      return context.hasCurrentIndex() ? parent + "[" + context.getCurrentIndex() + "]" : parent;
    }
    @Nullable String name = context.currentName();
    return name == null ? parent : parent + key(name);
  }

  private String text() {
    try {
      return parser.getString();
    } catch (JacksonException e) {
      throw failure(e);
    }
  }

  private String unicode(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw error("half a surrogate pair in " + quote(text));
    }
    return text;
  }

  private String got() {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case null -> "nothing";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case END_OBJECT, END_ARRAY -> "its end";
      case VALUE_STRING -> quote(text());
      case PROPERTY_NAME -> "key " + quote(parser.currentName());
      default -> text();
    };
  }

  private CheckpointException failure(JacksonException e) {
    String message = e.getOriginalMessage();
    if (message.startsWith("Duplicate Object property")) {
      return error("duplicate key", e);
    }
    String kind = e instanceof StreamConstraintsException ? "too large: " : "not valid JSON: ";
    String at = e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
    return error(kind + message + at, e);
  }
}
