package dev.elbo.checkpoint;

import static dev.elbo.checkpoint.CheckpointException.quote;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Builds records from the tokens of a text; see {@link RecordJson} for the form. */
final class RecordReader {
  private final JsonReader json;

  RecordReader(JsonReader json) {
    this.json = json;
  }

  /** The value at the current token. */
  Object value(Type type) {
    return switch (type) {
      case Class<?> plain -> plain(plain);
      case ParameterizedType generic -> generic(generic);
      default -> throw RecordJson.unsupported(type);
    };
  }

  private Object plain(Class<?> type) {
    if (type.isRecord()) {
      return record(type);
    }
    if (type.isEnum()) {
      return constant(type);
    }
    if (type.isInterface() && type.isSealed()) {
      return oneOf(RecordJson.permitted(type));
    }
    if (type == String.class) {
      return json.string();
    }
    if (type == int.class || type == Integer.class) {
      return (int) json.whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return json.whole(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == double.class || type == Double.class) {
      double value = Double.parseDouble(json.number());
      return requireFinite(value, Double.isFinite(value), "double");
    }
    if (type == float.class || type == Float.class) {
      float value = Float.parseFloat(json.number());
      return requireFinite(value, Float.isFinite(value), "float");
    }
    if (type == boolean.class || type == Boolean.class) {
      return bool();
    }
    throw RecordJson.unsupported(type);
  }

  private Object generic(ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == List.class) {
      return list(arguments[0]);
    }
    if (type.getRawType() == Map.class && arguments[0] == String.class) {
      return map(arguments[1]);
    }
    if (type.getRawType() == Optional.class && !isOptional(arguments[0])) {
      return json.is(JsonToken.VALUE_NULL) ? Optional.empty() : Optional.of(value(arguments[0]));
    }
    throw RecordJson.unsupported(type);
  }

  /** The null of an empty optional inside an optional could be either of them. */
  private static boolean isOptional(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
  }

  private <T> T requireFinite(T value, boolean finite, String type) {
    if (!finite) {
      throw json.expected("a number in the range of a " + type);
    }
    return value;
  }

  private boolean bool() {
    if (!json.is(JsonToken.VALUE_FALSE)) {
      json.expect(JsonToken.VALUE_TRUE, "true or false");
    }
    return json.is(JsonToken.VALUE_TRUE);
  }

  private Object constant(Class<?> type) {
    String name = json.string();
    List<String> known = new ArrayList<>();
    for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
      known.add(((Enum<?>) constant).name());
      if (known.getLast().equals(name)) {
        return constant;
      }
    }
    throw json.expected("one of " + String.join(", ", known));
  }

  private List<Object> list(Type element) {
    json.expect(JsonToken.START_ARRAY, "a list");
    List<Object> values = new ArrayList<>();
    while (json.next() != JsonToken.END_ARRAY) {
      values.add(value(element));
    }
    return Collections.unmodifiableList(values);
  }

  private Map<String, Object> map(Type element) {
    json.expect(JsonToken.START_OBJECT, "an object");
    Map<String, Object> values = new LinkedHashMap<>();
    while (json.next() == JsonToken.PROPERTY_NAME) {
      String name = json.name();
      json.next();
      values.put(name, value(element));
    }
    return Collections.unmodifiableMap(values);
  }

  private Object oneOf(List<Class<?>> records) {
    json.expect(JsonToken.START_OBJECT, "an object");
    if (json.next() != JsonToken.PROPERTY_NAME || !json.name().equals(RecordWriter.TYPE_KEY)) {
      throw json.error("expected 'type' as the first key");
    }
    json.next();
    String name = json.string();
    for (Class<?> record : records) {
      if (record.getSimpleName().equals(name)) {
        return components(record);
      }
    }
    String known = records.stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
    throw json.error("unknown type " + quote(name) + ", known are " + known);
  }

  private Object record(Class<?> type) {
    if (RecordJson.saysType(type)) {
      return oneOf(List.of(type));
    }
    json.expect(JsonToken.START_OBJECT, "an object");
    return components(type);
  }

  private Object components(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
    @Nullable Object[] values = new Object[components.length];
    while (json.next() == JsonToken.PROPERTY_NAME) {
      int index = names.indexOf(json.name());
      if (index < 0) {
        throw json.error("unknown key, known are " + String.join(", ", names));
      }
      json.next();
      values[index] = value(components[index].getGenericType());
    }
    int missing = Arrays.asList(values).indexOf(null);
    if (missing >= 0) {
      throw json.error("key " + quote(names.get(missing)) + " is missing");
    }
    return construct(type, components, values);
  }

  private Object construct(Class<?> type, RecordComponent[] components, @Nullable Object[] values) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      // The text chose the values, so whatever the checks of the record throw is about the text.
      if (e.getCause() instanceof RuntimeException refusal) {
        throw json.error(Objects.requireNonNullElse(refusal.getMessage(), "refused"), refusal);
      }
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    }
  }
}
