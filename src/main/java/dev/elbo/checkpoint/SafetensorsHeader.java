package dev.elbo.checkpoint;

import static dev.elbo.checkpoint.CheckpointException.quote;
import static dev.elbo.checkpoint.SafetensorsFile.METADATA_KEY;

import dev.elbo.tensor.Shape;
import dev.elbo.tensor.Tensor;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;

/**
 * The JSON header of a safetensors file, checked against the length of the data behind it.
 *
 * @param metadata texts by name
 * @param entries the tensors in the order of their bytes, which they cover exactly
 */
record SafetensorsHeader(SortedMap<String, String> metadata, List<Entry> entries) {
  /** The reference implementation's limit, in bytes. */
  static final int MAX_LENGTH = 100_000_000;

  private static final String DTYPE = "F32";
  private static final Set<String> OTHER_DTYPES =
      Set.of(
          "BOOL", "F4", "F6_E2M3", "F6_E3M2", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "I16",
          "U16", "F16", "BF16", "I32", "U32", "C64", "F64", "I64", "U64");

  /** More dimensions than any tensor has, few enough that a hostile list ends early. */
  private static final int MAX_RANK = 16;

  /** A tensor of the file: where its bytes begin and end, counted from the end of the header. */
  record Entry(String name, Shape shape, long begin, long end) {}

  /** Refuses a length of the header that the file cannot have. */
  static void checkLength(long length, long available, String where) {
    if (length < 0 || length > MAX_LENGTH) {
      throw new CheckpointException(
          where,
          "header length " + Long.toUnsignedString(length) + " is above the limit " + MAX_LENGTH);
    }
    if (length > available) {
      throw new CheckpointException(
          where, "header length " + length + " is more than the file has, " + available);
    }
  }

  static SafetensorsHeader parse(String text, long dataLength, String where) {
    if (!text.startsWith("{")) {
      throw new CheckpointException(where, "header does not begin with '{'");
    }
    SortedMap<String, String> metadata = new TreeMap<>();
    List<Entry> entries = new ArrayList<>();
    try (JsonReader json = new JsonReader(text, where + ": header")) {
      json.next();
      while (json.next() == JsonToken.PROPERTY_NAME) {
        String name = json.name();
        json.next();
        if (name.equals(METADATA_KEY)) {
          metadata.putAll(texts(json));
        } else {
          entries.add(entry(json, name, dataLength));
        }
      }
      json.end();
    }
    entries.sort(Comparator.comparingLong(Entry::begin));
    checkCover(entries, dataLength, where);
    return new SafetensorsHeader(metadata, entries);
  }

  /** The bytes of the header of a file with this content, padding included. */
  static byte[] encode(SafetensorsFile content, String where) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json =
        JsonReader.FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      if (!content.metadata().isEmpty()) {
        json.writeName(METADATA_KEY).writeStartObject();
        content.metadata().forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      long begin = 0;
      for (Map.Entry<String, Tensor> tensor : content.tensors().entrySet()) {
        json.writeName(tensor.getKey());
        begin = writeEntry(json, tensor.getValue().shape(), begin);
      }
      json.writeEndObject();
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(bytes.length, Long.BYTES) * Long.BYTES;
    checkLength(padded, padded, where);
    byte[] header = Arrays.copyOf(bytes, padded);
    Arrays.fill(header, bytes.length, padded, (byte) ' ');
    return header;
  }

  private static long writeEntry(JsonGenerator json, Shape shape, long begin) {
    long end = begin + (long) shape.elements() * Float.BYTES;
    json.writeStartObject().writeStringProperty("dtype", DTYPE);
    json.writeName("shape").writeStartArray();
    shape.sizes().forEach(json::writeNumber);
    json.writeEndArray().writeName("data_offsets").writeStartArray();
    json.writeNumber(begin).writeNumber(end).writeEndArray().writeEndObject();
    return end;
  }

  private static SortedMap<String, String> texts(JsonReader json) {
    SortedMap<String, String> texts = new TreeMap<>();
    json.expect(JsonToken.START_OBJECT, "an object");
    while (json.next() == JsonToken.PROPERTY_NAME) {
      String name = json.name();
      json.next();
      texts.put(name, json.string());
    }
    return texts;
  }

  private static Entry entry(JsonReader json, String name, long dataLength) {
    @Nullable String dtype = null;
    @Nullable List<Long> sizes = null;
    @Nullable List<Long> offsets = null;
    json.expect(JsonToken.START_OBJECT, "an object");
    while (json.next() == JsonToken.PROPERTY_NAME) {
      String key = json.name();
      json.next();
      switch (key) {
        case "dtype" -> dtype = dtype(json);
        case "shape" -> sizes = numbers(json, MAX_RANK, Integer.MAX_VALUE);
        case "data_offsets" -> offsets = numbers(json, 2, Long.MAX_VALUE);
        default -> throw json.error("unknown key, known are dtype, shape, data_offsets");
      }
    }
    if (dtype == null || sizes == null || offsets == null || offsets.size() != 2) {
      throw json.error("needs dtype, shape and two data_offsets");
    }
    return checked(
        json, new Entry(name, shape(json, sizes), offsets.get(0), offsets.get(1)), dataLength);
  }

  private static String dtype(JsonReader json) {
    String dtype = json.string();
    if (OTHER_DTYPES.contains(dtype)) {
      throw json.error("dtype " + quote(dtype) + " is not supported, only " + DTYPE + " is");
    }
    if (!dtype.equals(DTYPE)) {
      throw json.error("unknown dtype " + quote(dtype));
    }
    return dtype;
  }

  private static List<Long> numbers(JsonReader json, int maxCount, long max) {
    List<Long> numbers = new ArrayList<>();
    json.expect(JsonToken.START_ARRAY, "a list");
    while (json.next() != JsonToken.END_ARRAY) {
      if (numbers.size() == maxCount) {
        throw json.error("more than " + maxCount + " numbers");
      }
      numbers.add(json.whole(0, max));
    }
    return numbers;
  }

  private static Shape shape(JsonReader json, List<Long> sizes) {
    try {
      return new Shape(sizes.stream().map(Math::toIntExact).toList());
    } catch (IllegalArgumentException e) {
      throw json.error(String.valueOf(e.getMessage()));
    }
  }

  private static Entry checked(JsonReader json, Entry entry, long dataLength) {
    long bytes = (long) entry.shape.elements() * Float.BYTES;
    if (entry.begin > entry.end) {
      throw json.error("data begins at " + entry.begin + ", after its end " + entry.end);
    }
    if (entry.end > dataLength) {
      throw json.error("data ends at " + entry.end + ", the file has " + dataLength);
    }
    if (entry.end - entry.begin != bytes) {
      throw json.error(
          "data has "
              + (entry.end - entry.begin)
              + " bytes, shape "
              + entry.shape
              + " needs "
              + bytes);
    }
    return entry;
  }

  private static void checkCover(List<Entry> entries, long dataLength, String where) {
    long covered = 0;
    for (Entry entry : entries) {
      if (entry.begin != covered) {
        throw new CheckpointException(
            where,
            "tensor "
                + quote(entry.name)
                + " begins at "
                + entry.begin
                + ", "
                + (entry.begin < covered
                    ? "inside the one before it, which ends at "
                    : "after a gap from ")
                + covered);
      }
      covered = entry.end;
    }
    if (covered != dataLength) {
      throw new CheckpointException(
          where,
          (dataLength - covered) + " bytes follow the last tensor, which ends at " + covered);
    }
  }
}
