package dev.elbo.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The indices of classes by name; where all names are numbers, 1, 1.0 and 1e0 are one name. */
final class ClassIndex {
  private static final double EXACT_INTEGERS = 0x1p53;

  private final Map<String, Integer> indices = new HashMap<>();
  private final boolean numbers;

  ClassIndex(List<String> classes) {
    numbers = classes.stream().allMatch(Decimal::isNumber);
    for (String name : classes) {
      indices.put(numbers ? canonical(name) : name, indices.size());
    }
  }

  /** The index of the class that a field names. */
  OptionalInt find(String field) {
    String text = field.strip();
    Integer index = indices.get(numbers && Decimal.isNumber(text) ? canonical(text) : text);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** One form for all the ways to write a number. */
  static String canonical(String number) {
    double value = Double.parseDouble(number);
    boolean whole = value == Math.rint(value) && Math.abs(value) <= EXACT_INTEGERS;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
