package dev.elbo.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads tables of numbers from CSV files, plain or gz, UTF-8, with commas between the fields.
 *
 * <p>The first row names the columns, unless all its fields are numbers; a first row whose target
 * alone is text is an example all the same if another row has that target too. Without names,
 * columns are called by their positions from 0. All inputs are numbers and no field may be empty.
 */
public final class CsvReader {
  private CsvReader() {}

  /**
   * Reads the examples to train with.
   *
   * <p>Where no task is given, the target tells: it is a class if it is text (with more than 20
   * different values only if all are text), or if all values are whole numbers and there are at
   * most 10 different ones and two rows for each, or at most 20 and more than 20 rows for each;
   * else it is a number to predict. Classes are ordered as numbers if all are numbers, else as
   * text.
   *
   * <p>For density estimation all columns are inputs, but the target if one is named.
   *
   * @param target the name of the target column, or its position from 0; the last when absent
   * @param task what is learned; guessed from the target when absent
   * @throws DataException if the file is not such a table, has no such column, or its target has
   *     one value only
   */
  public static Dataset read(Path file, Optional<String> target, Optional<Task> task) {
    String name = String.valueOf(file.getFileName());
    try (CsvRows rows = new CsvRows(Source.of(file))) {
      return task.equals(Optional.of(Task.DENSITY_ESTIMATION))
          ? new UnlabelledCsv(rows, target).read(name)
          : new NewCsv(rows, target).read(name, task);
    }
  }

  /**
   * Reads more examples of a known kind, such as those to test with.
   *
   * @throws DataException if the columns are not those of the schema in the same order, or a class
   *     is not among its classes
   */
  public static Examples read(Path file, Schema schema) {
    try (CsvRows rows = new CsvRows(Source.of(file))) {
      return new KnownCsv(rows, schema).forTask();
    }
  }

  /**
   * Reads inputs of a known kind, to predict their targets; the file may have the target's column,
   * which is not looked at.
   *
   * @throws DataException if the input columns are not those of the schema in the same order
   */
  public static Examples readInputs(Path file, Schema schema) {
    try (CsvRows rows = new CsvRows(Source.of(file))) {
      return new KnownCsv(rows, schema).inputs();
    }
  }
}
