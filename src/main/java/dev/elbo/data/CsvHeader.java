package dev.elbo.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What the first row of a CSV file says about its columns. */
final class CsvHeader {
  private CsvHeader() {}

  /**
   * The names that a row gives to columns; a column without a name is called by its position.
   *
   * @throws DataException if two columns have the same name
   */
  static List<String> names(String file, List<String> fields) {
    List<String> names = new ArrayList<>(fields.size());
    Map<String, Integer> seen = new HashMap<>();
    for (int column = 0; column < fields.size(); column++) {
      String name = fields.get(column).strip();
      names.add(name.isEmpty() ? Integer.toString(column) : name);
      Integer twin = seen.put(names.getLast(), column);
      if (twin != null) {
        throw new DataException(
            file
                + ": columns "
                + twin
                + " and "
                + column
                + " (from 0) have the same name, "
                + DataException.quote(name));
      }
    }
    return List.copyOf(names);
  }

  /**
   * The column that a user means: by its name, else by its position from 0, else the last.
   *
   * @throws DataException if there is none
   */
  static int target(String file, List<String> columns, Optional<String> wanted) {
    if (wanted.isEmpty()) {
      return columns.size() - 1;
    }
    int named = columns.indexOf(wanted.get().strip());
    int column = named >= 0 ? named : Schema.positions(columns.size()).indexOf(wanted.get());
    if (column < 0) {
      throw new DataException(
          file
              + ": no column "
              + DataException.quote(wanted.get())
              + " to be the target; there are "
              + DataException.quote(columns));
    }
    return column;
  }

  /** Whether all fields are meant as numbers, that of the target apart. */
  static boolean isData(List<String> fields, OptionalInt target) {
    for (int column = 0; column < fields.size(); column++) {
      boolean isTarget = target.isPresent() && target.getAsInt() == column;
      if (!isTarget && !Decimal.isMeant(fields.get(column))) {
        return false;
      }
    }
    return true;
  }
}
