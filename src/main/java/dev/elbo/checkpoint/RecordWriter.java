package dev.elbo.checkpoint;

import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** Writes records as JSON; see {@link RecordJson} for the form. */
final class RecordWriter {
  /** The key that names the record where an interface has several. */
  static final String TYPE_KEY = "type";

  private final JsonGenerator json;
  private final StringBuilder path;

  private RecordWriter(JsonGenerator json, String root) {
    this.json = json;
    this.path = new StringBuilder(root);
  }

  static String write(Object value, boolean pretty) {
    StringWriter text = new StringWriter();
    ObjectWriteContext context = pretty ? new Pretty() : ObjectWriteContext.empty();
    String root = value instanceof Record ? value.getClass().getSimpleName() : "value";
    try (JsonGenerator json = JsonReader.FACTORY.createGenerator(context, text)) {
      new RecordWriter(json, root).value(value);
    }
    return pretty ? text.append('\n').toString() : text.toString();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case Record record -> record(record);
      case Map<?, ?> map -> map(map);
      case List<?> list -> list(list);
      case Optional<?> optional when optional.isEmpty() -> json.writeNull();
      case Optional<?> optional when !(optional.get() instanceof Optional) -> value(optional.get());
      case Enum<?> constant -> json.writeString(constant.name());
      case String text -> json.writeString(unicode(text));
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number when Double.isFinite(number) -> json.writeNumber(number);
      case Float number when Float.isFinite(number) -> json.writeNumber(number);
      case Double _, Float _ -> throw error(value + " is not a JSON number");
      case Boolean flag -> json.writeBoolean(flag);
      case null -> throw error("is null");
      default -> throw error("type " + value.getClass().getName() + " has no JSON form");
    }
  }

  private void record(Record record) {
    json.writeStartObject();
    checkDepth();
    if (RecordJson.saysType(record.getClass())) {
      json.writeStringProperty(TYPE_KEY, record.getClass().getSimpleName());
    }
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      json.writeName(component.getName());
      child(JsonReader.key(component.getName()), get(record, component));
    }
    json.writeEndObject();
  }

  private void map(Map<?, ?> map) {
    json.writeStartObject();
    checkDepth();
    Map<String, Object> entries = new LinkedHashMap<>();
    map.forEach((key, element) -> entries.put(name(key), element));
    // The order of Map.of and HashMap differs between runs.
    Map<String, Object> ordered = map instanceof SequencedMap ? entries : new TreeMap<>(entries);
    ordered.forEach(
        (name, element) -> {
          json.writeName(name);
          child(JsonReader.key(name), element);
        });
    json.writeEndObject();
  }

  private void list(List<?> list) {
    json.writeStartArray();
    checkDepth();
    int index = 0;
    for (Object element : list) {
      child("[" + index++ + "]", element);
    }
    json.writeEndArray();
  }

  private String name(@Nullable Object key) {
    if (key instanceof String name) {
      return unicode(name);
    }
    throw error("key " + key + " is not a string");
  }

  private void checkDepth() {
    if (json.streamWriteContext().getNestingDepth() > JsonReader.MAX_DEPTH) {
      throw error("nested deeper than " + JsonReader.MAX_DEPTH + " levels");
    }
  }

  private void child(String segment, @Nullable Object value) {
    int length = path.length();
    path.append(segment);
    value(value);
    path.setLength(length);
  }

  private static @Nullable Object get(Record record, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private String unicode(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw error("half a surrogate pair in " + CheckpointException.quote(text));
    }
    return text;
  }

  private CheckpointException error(String problem) {
    return new CheckpointException(path.toString(), problem);
  }

  /** Two spaces, lists of plain values on one line, the same line ends on every system. */
  private static final class Pretty extends ObjectWriteContext.Base {
    @Override
    public PrettyPrinter getPrettyPrinter() {
      Separators separators =
          Separators.createDefaultInstance()
              .withObjectNameValueSpacing(Separators.Spacing.AFTER)
              .withArrayElementSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator("");
      return new DefaultPrettyPrinter(separators)
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter());
    }

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }
  }
}
