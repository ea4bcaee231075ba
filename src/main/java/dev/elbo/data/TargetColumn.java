package dev.elbo.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** The target column of a table, kept until all of it was seen and says what it means. */
final class TargetColumn {
  /** A column with more different values holds names or keys, not classes. */
  private static final int CLASS_LIMIT = 10_000;

  private static final int FEW_VALUES = 10;
  private static final int SOME_VALUES = 20;
  private static final int ROWS_A_VALUE = 20;

  private final String file;
  private final Map<String, Integer> codes = new HashMap<>();
  private final List<Value> values = new ArrayList<>();
  private int[] rows = new int[16];
  private int size;
  private int start;

  /** One of the different values, and the line where it stood first. */
  private record Value(String text, long line) {
    boolean isNumber() {
      return Decimal.isNumber(text);
    }
  }

  TargetColumn(String file) {
    this.file = file;
  }

  /** Takes the target of one row, a number or text. */
  void add(long line, String name, String field) {
    String text = field.strip();
    Integer code = codes.get(text);
    if (code == null) {
      if (Decimal.isMeant(text)) {
        number(line, name, text);
      }
      code = values.size();
      codes.put(text, code);
      values.add(new Value(text, line));
    }
    if (size == rows.length) {
      HeapLimit.check(file, 2L * size, Float.BYTES, Runtime.getRuntime().maxMemory());
      rows = Arrays.copyOf(rows, 2 * size);
    }
    rows[size++] = code;
  }

  /** The number of rows. */
  int size() {
    return size - start;
  }

  /** Whether the first row has a target that no other row has. */
  boolean firstIsAlone() {
    return Arrays.stream(rows, 1, size).noneMatch(code -> code == 0);
  }

  /** Forgets the first row, whose target no other row has. */
  void dropFirst() {
    start = 1;
  }

  /** What the values look like, by the rule of {@link CsvReader#read}. */
  Task guess() {
    List<Value> seen = seen();
    long texts = seen.stream().filter(value -> !value.isNumber()).count();
    if (texts > 0) {
      boolean mixed = texts < seen.size() && seen.size() > SOME_VALUES;
      return mixed ? Task.REGRESSION : Task.CLASSIFICATION;
    }
    double[] different =
        seen.stream().mapToDouble(value -> Double.parseDouble(value.text)).distinct().toArray();
    boolean whole = Arrays.stream(different).allMatch(value -> value == Math.rint(value));
    boolean few = different.length <= FEW_VALUES && size() >= 2 * different.length;
    boolean some = different.length <= SOME_VALUES && size() > ROWS_A_VALUE * different.length;
    return whole && (few || some) ? Task.CLASSIFICATION : Task.REGRESSION;
  }

  /** The names of the classes: in the order of numbers if all are numbers, else of text. */
  List<String> classes(String name) {
    boolean numbers = seen().stream().allMatch(Value::isNumber);
    TreeSet<String> names =
        new TreeSet<>(
            numbers
                ? Comparator.comparingDouble(Double::parseDouble)
                : Comparator.<String>naturalOrder());
    seen().forEach(value -> names.add(numbers ? ClassIndex.canonical(value.text) : value.text));
    String where = file + ": target " + DataException.quote(name) + " has ";
    if (names.size() == 1) {
      throw new DataException(where + "only one class, " + DataException.quote(names.getFirst()));
    }
    if (names.size() > CLASS_LIMIT) {
      throw new DataException(where + names.size() + " classes, more than " + CLASS_LIMIT);
    }
    return List.copyOf(names);
  }

  /** The index of each row's class. */
  float[] classIndices(List<String> classes) {
    ClassIndex index = new ClassIndex(classes);
    float[] indices = new float[values.size()];
    for (int code = start; code < indices.length; code++) {
      indices[code] = index.find(values.get(code).text).orElseThrow();
    }
    return decode(indices);
  }

  /** The target of each row as a number. */
  float[] numbers(String name) {
    float[] numbers = new float[values.size()];
    boolean constant = true;
    for (int code = start; code < numbers.length; code++) {
      Value value = values.get(code);
      numbers[code] = number(value.line, name, value.text);
      constant &= numbers[code] == numbers[start];
    }
    if (constant) {
      throw new DataException(
          file + ": target " + DataException.quote(name) + " is constant, " + numbers[start]);
    }
    return decode(numbers);
  }

  private List<Value> seen() {
    return values.subList(start, values.size());
  }

  private float number(long line, String name, String text) {
    try {
      return Decimal.parse(text);
    } catch (NumberFormatException e) {
      throw DataException.at(file, line, name, Objects.requireNonNull(e.getMessage()));
    }
  }

  private float[] decode(float[] ofCode) {
    float[] decoded = new float[size()];
    for (int i = 0; i < decoded.length; i++) {
      decoded[i] = ofCode[rows[start + i]];
    }
    return decoded;
  }
}
