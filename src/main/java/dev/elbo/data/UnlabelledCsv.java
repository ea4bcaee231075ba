package dev.elbo.data;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a CSV file all of whose columns are inputs, but one that is left out. */
final class UnlabelledCsv {
  private final CsvRows rows;
  private final CsvRows.Row first;
  private final boolean example;
  private final List<String> columns;
  private final OptionalInt leftOut;

  /**
   * The columns of the file.
   *
   * @param wanted the name or position of the column to leave out
   */
  UnlabelledCsv(CsvRows rows, Optional<String> wanted) {
    this.rows = rows;
    first = rows.first();
    List<String> positions = Schema.positions(first.fields().size());
    int position = wanted.map(positions::indexOf).orElse(-1);
    example =
        CsvHeader.isData(
            first.fields(), position < 0 ? OptionalInt.empty() : OptionalInt.of(position));
    columns = example ? positions : CsvHeader.names(rows.file(), first.fields());
    leftOut =
        wanted.isPresent()
            ? OptionalInt.of(CsvHeader.target(rows.file(), columns, wanted))
            : OptionalInt.empty();
    if (columns.size() == 1 && leftOut.isPresent()) {
      throw new DataException(
          rows.file() + ": nothing is left without column " + DataException.quote(columns.get(0)));
    }
  }

  Dataset read(String name) {
    CsvTable table = new CsvTable(rows.file(), columns, leftOut);
    Optional<CsvRows.Row> row = example ? Optional.of(first) : rows.next();
    for (; row.isPresent(); row = rows.next()) {
      table.add(row.get());
    }
    Examples examples = table.examples(0, new float[0]);
    if (examples.size() == 0) {
      throw new DataException(rows.file() + ": has a header but no rows");
    }
    Optional<String> target =
        leftOut.isPresent() ? Optional.of(columns.get(leftOut.getAsInt())) : Optional.empty();
    Schema schema =
        new Schema(
            Task.DENSITY_ESTIMATION, table.inputs(columns), target, List.of(), new Content.Table());
    return Dataset.of(name, schema, examples);
  }
}
