package dev.elbo.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The columns of a CSV file and, row by row, the numbers in its input columns. */
final class CsvTable {
  private static final int FIRST_ROWS = 64;

  private final String file;
  private final List<String> names;
  private final int target;
  private float[] inputs;
  private int filled;

  /**
   * An empty table.
   *
   * @param names the names of all columns
   * @param target the column that is no input, if there is one
   */
  CsvTable(String file, List<String> names, OptionalInt target) {
    this.file = file;
    this.names = names;
    this.target = target.orElse(names.size());
    inputs = new float[FIRST_ROWS * names.size()];
  }

  /** The number of inputs. */
  int features() {
    return target < names.size() ? names.size() - 1 : names.size();
  }

  /** The names of the inputs among the names of all columns. */
  List<String> inputs(List<String> columns) {
    return IntStream.range(0, columns.size())
        .filter(column -> column != target)
        .mapToObj(columns::get)
        .toList();
  }

  /** Takes the inputs of a row. */
  void add(CsvRows.Row row) {
    checkWidth(row);
    if (filled > inputs.length - names.size()) {
      HeapLimit.check(file, 2L * inputs.length, Float.BYTES, Runtime.getRuntime().maxMemory());
      inputs = Arrays.copyOf(inputs, 2 * inputs.length);
    }
    for (int column = 0; column < names.size(); column++) {
      if (column != target) {
        inputs[filled++] = number(row, column);
      }
    }
  }

  /** Checks that a row has as many fields as there are columns. */
  void checkWidth(CsvRows.Row row) {
    if (row.fields().size() != names.size()) {
      throw new DataException(
          file
              + ": row "
              + row.line()
              + " has "
              + row.fields().size()
              + (row.fields().size() == 1 ? " field, " : " fields, ")
              + names.size()
              + " expected");
    }
  }

  /** The name of a column. */
  String name(int column) {
    return names.get(column);
  }

  /** What was read, without the first rows. */
  Examples examples(int skippedRows, float[] targets) {
    float[] kept = Arrays.copyOfRange(inputs, skippedRows * features(), filled);
    return new Examples(features(), kept, targets);
  }

  private float number(CsvRows.Row row, int column) {
    try {
      return Decimal.parse(row.fields().get(column));
    } catch (NumberFormatException e) {
      throw DataException.at(
          file, row.line(), names.get(column), Objects.requireNonNull(e.getMessage()));
    }
  }
}
