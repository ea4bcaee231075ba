package dev.elbo.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Reads a CSV file whose columns must be those of a schema. */
final class KnownCsv {
  private static final int FIRST_ROWS = 64;

  private final CsvRows rows;
  private final Schema schema;
  private final ClassIndex classes;

  /**
   * The columns of the file.
   *
   * @param example whether the first row is an example, not a header
   */
  private record Layout(List<String> columns, OptionalInt target, boolean example) {}

  KnownCsv(CsvRows rows, Schema schema) {
    this.rows = rows;
    this.schema = schema;
    classes = new ClassIndex(schema.classes());
  }

  /** The rows with what the task needs: with their targets, or without. */
  Examples forTask() {
    return schema.task() == Task.DENSITY_ESTIMATION ? inputs() : examples();
  }

  /** The rows with their targets. */
  Examples examples() {
    CsvRows.Row first = rows.first();
    Layout layout = layout(first, true);
    CsvTable table = new CsvTable(rows.file(), layout.columns, layout.target);
    float[] targets = new float[FIRST_ROWS];
    int size = 0;
    Optional<CsvRows.Row> row = start(table, first, layout);
    for (; row.isPresent(); row = rows.next()) {
      table.add(row.get());
      if (size == targets.length) {
        targets = Arrays.copyOf(targets, 2 * size);
      }
      targets[size++] = target(row.get(), layout.target.orElseThrow());
    }
    return notEmpty(table.examples(0, Arrays.copyOf(targets, size)));
  }

  /** The rows without their targets, which the file may lack. */
  Examples inputs() {
    CsvRows.Row first = rows.first();
    Layout layout = layout(first, false);
    CsvTable table = new CsvTable(rows.file(), layout.columns, layout.target);
    Optional<CsvRows.Row> row = start(table, first, layout);
    for (; row.isPresent(); row = rows.next()) {
      table.add(row.get());
    }
    return notEmpty(table.examples(0, new float[0]));
  }

  private Layout layout(CsvRows.Row first, boolean needsTarget) {
    if (!schema.isPositional()) {
      return namedLayout(first, needsTarget);
    }
    if (!needsTarget && first.fields().size() == schema.features().size()) {
      boolean example = CsvHeader.isData(first.fields(), OptionalInt.empty());
      return new Layout(schema.features(), OptionalInt.empty(), example);
    }
    OptionalInt position = schema.targetPosition();
    List<String> columns =
        Schema.positions(schema.features().size() + (position.isPresent() ? 1 : 0));
    return new Layout(columns, position, CsvHeader.isData(first.fields(), position));
  }

  private Layout namedLayout(CsvRows.Row first, boolean needsTarget) {
    String where = rows.file() + ": row " + first.line();
    if (CsvHeader.isData(first.fields(), OptionalInt.empty())) {
      throw new DataException(
          where + " names no columns; expected are " + DataException.quote(schema.features()));
    }
    List<String> columns = CsvHeader.names(rows.file(), first.fields());
    int target = schema.target().map(columns::indexOf).orElse(-1);
    if (needsTarget && target < 0) {
      throw new DataException(where + " has no column " + DataException.quote(targetName()));
    }
    List<String> inputs = new ArrayList<>(columns);
    schema.target().ifPresent(inputs::remove);
    if (inputs.size() != schema.features().size()) {
      throw new DataException(
          where
              + " names "
              + inputs.size()
              + " inputs, "
              + schema.features().size()
              + " expected: "
              + DataException.quote(schema.features()));
    }
    IntStream.range(0, inputs.size())
        .filter(i -> !inputs.get(i).equals(schema.features().get(i)))
        .findFirst()
        .ifPresent(i -> otherColumn(where, inputs.get(i), schema.features().get(i)));
    return new Layout(columns, target < 0 ? OptionalInt.empty() : OptionalInt.of(target), false);
  }

  private static void otherColumn(String where, String found, String expected) {
    throw new DataException(
        where
            + " has column "
            + DataException.quote(found)
            + " in the place of "
            + DataException.quote(expected));
  }

  private Optional<CsvRows.Row> start(CsvTable table, CsvRows.Row first, Layout layout) {
    table.checkWidth(first);
    return layout.example ? Optional.of(first) : rows.next();
  }

  private float target(CsvRows.Row row, int column) {
    String field = row.fields().get(column);
    if (schema.task() == Task.CLASSIFICATION && !field.isBlank()) {
      return classes
          .find(field)
          .orElseThrow(
              () ->
                  problem(
                      row,
                      DataException.quote(field.strip())
                          + " is not among the classes "
                          + DataException.quote(schema.classes())));
    }
    try {
      return Decimal.parse(field);
    } catch (NumberFormatException e) {
      throw problem(row, Objects.requireNonNull(e.getMessage()));
    }
  }

  private DataException problem(CsvRows.Row row, String problem) {
    return DataException.at(rows.file(), row.line(), targetName(), problem);
  }

  private String targetName() {
    return schema.target().orElseThrow();
  }

  private Examples notEmpty(Examples examples) {
    if (examples.size() == 0) {
      throw new DataException(rows.file() + ": has a header but no rows");
    }
    return examples;
  }
}
