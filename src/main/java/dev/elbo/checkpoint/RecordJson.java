package dev.elbo.checkpoint;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Strict JSON for records: what is written is read back equal, and anything else is refused.
 *
 * <p>A record is an object with its components as keys, all present. A record permitted by a sealed
 * interface has {@code "type"}, its simple name, as the first key. Components are {@code int},
 * {@code long}, {@code double}, {@code float}, {@code boolean}, {@code String}, enums (by name),
 * records, sealed interfaces of records, {@code List}, {@code Map<String, T>} and {@code Optional}
 * (empty is {@code null}) of these. Writing takes values of these types outside of records too.
 * Whole numbers are exact, and doubles and floats have the shortest digits that read back equal.
 */
public final class RecordJson {
  private RecordJson() {}

  /**
   * The JSON of a value on one line, components in the order of their declaration.
   *
   * @param value a record, list or map; a map without an order of its own is written by its keys
   * @return the JSON; equal values give equal text
   * @throws CheckpointException where it holds a null, NaN, an infinity, half a surrogate pair, a
   *     value of another type, or more than 64 levels
   */
  public static String write(Object value) {
    return RecordWriter.write(value, false);
  }

  /**
   * The JSON of a value on many lines, indented by two spaces, with a line feed at the end.
   *
   * @param value as in {@link #write}
   * @return the JSON; equal values give equal text
   * @throws CheckpointException as in {@link #write}
   */
  public static String writePretty(Object value) {
    return RecordWriter.write(value, true);
  }

  /**
   * The value that a JSON text describes.
   *
   * @param type a record or a sealed interface of records
   * @param json the text, which may be hostile
   * @param where what the text is, to begin the messages with
   * @return the value
   * @throws CheckpointException with the path inside the text where it is not JSON, has an unknown,
   *     missing or duplicate key, a value of the wrong type or out of range, more than 64 levels,
   *     text after its end, or values that the record's constructor refuses
   */
  public static <T> T read(Class<T> type, String json, String where) {
    try (JsonReader reader = new JsonReader(json, where)) {
      reader.next();
      T value = type.cast(new RecordReader(reader).value(type));
      reader.end();
      return value;
    }
  }

  /** Whether a record says its type: where one interface has several, the keys cannot tell. */
  static boolean saysType(Class<?> record) {
    boolean says = Arrays.stream(record.getInterfaces()).anyMatch(Class::isSealed);
    for (RecordComponent component : record.getRecordComponents()) {
      if (says && component.getName().equals(RecordWriter.TYPE_KEY)) {
        throw new IllegalArgumentException(
            "record " + record.getName() + " has a component named as the key of its type");
      }
    }
    return says;
  }

  /** The records below a sealed interface, in the order of their declaration. */
  static List<Class<?>> permitted(Class<?> sealed) {
    List<Class<?>> records = new ArrayList<>();
    for (Class<?> type : sealed.getPermittedSubclasses()) {
      if (type.isRecord()) {
        records.add(type);
      } else if (type.isInterface() && type.isSealed()) {
        records.addAll(permitted(type));
      } else {
        throw unsupported(type);
      }
    }
    return records;
  }

  /** A mistake in the program, not in the text. */
  static IllegalArgumentException unsupported(Type type) {
    return new IllegalArgumentException("type " + type.getTypeName() + " has no JSON form");
  }
}
