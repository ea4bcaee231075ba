package dev.elbo.data;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a CSV file of which only that is known which column the user wants as the target. */
final class NewCsv {
  private final CsvRows rows;
  private final CsvRows.Row first;
  private final List<String> positions;

  /** Whether all fields of the first row are numbers. */
  private final boolean numbers;

  /** Whether the first row can be an example: all its fields but the target are numbers. */
  private final boolean example;

  private final int target;
  private final CsvTable table;
  private final TargetColumn targets;

  NewCsv(CsvRows rows, Optional<String> wanted) {
    this.rows = rows;
    first = rows.first();
    List<String> fields = first.fields();
    if (fields.size() < 2) {
      throw new DataException(
          rows.file()
              + ": row "
              + first.line()
              + " has one field; inputs and a target are needed, with commas between them");
    }
    positions = Schema.positions(fields.size());
    int position = wanted.map(positions::indexOf).orElse(fields.size() - 1);
    numbers = CsvHeader.isData(fields, OptionalInt.empty());
    example = numbers || (position >= 0 && CsvHeader.isData(fields, OptionalInt.of(position)));
    List<String> columns = example ? positions : CsvHeader.names(rows.file(), fields);
    target = CsvHeader.target(rows.file(), columns, wanted);
    table = new CsvTable(rows.file(), columns, OptionalInt.of(target));
    targets = new TargetColumn(rows.file());
  }

  Dataset read(String name, Optional<Task> wantedTask) {
    if (example) {
      add(first);
    }
    for (Optional<CsvRows.Row> row = rows.next(); row.isPresent(); row = rows.next()) {
      add(row.get());
    }
    boolean named = !example || (!numbers && targets.firstIsAlone());
    if (example && named) {
      targets.dropFirst();
    }
    if (targets.size() == 0) {
      throw new DataException(rows.file() + ": has a header but no rows");
    }
    List<String> columns = named ? CsvHeader.names(rows.file(), first.fields()) : positions;
    String targetName = columns.get(target);
    Task task = wantedTask.orElseGet(targets::guess);
    List<String> classes = task == Task.CLASSIFICATION ? targets.classes(targetName) : List.of();
    float[] values =
        task == Task.CLASSIFICATION ? targets.classIndices(classes) : targets.numbers(targetName);
    Schema schema =
        new Schema(
            task, table.inputs(columns), Optional.of(targetName), classes, new Content.Table());
    return Dataset.of(name, schema, table.examples(example && named ? 1 : 0, values));
  }

  private void add(CsvRows.Row row) {
    table.add(row);
    targets.add(row.line(), table.name(target), row.fields().get(target));
  }
}
