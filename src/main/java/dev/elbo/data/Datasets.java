package dev.elbo.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens data by what users call it: the name of a built-in set, else a folder of IDX files, a text
 * (.txt), or a CSV file.
 *
 * @param builtIn the sets that are known by name
 */
public record Datasets(BuiltIn builtIn) {
  /**
   * What a user says about data.
   *
   * @param target the name or position of the target column of a CSV file; when absent the last, or
   *     none for density estimation
   * @param task what is learned; when absent guessed for a CSV file
   * @param test a second CSV file to test with
   */
  public record Options(Optional<String> target, Optional<Task> task, Optional<Path> test) {
    /** Nothing said. */
    public static final Options NONE =
        new Options(Optional.empty(), Optional.empty(), Optional.empty());

    boolean unlabelled() {
      return task.equals(Optional.of(Task.DENSITY_ESTIMATION));
    }
  }

  /**
   * Reads data to train with.
   *
   * @throws DataException if there is no such data, it is damaged, or the options do not go with it
   */
  public Dataset open(String data, Options options) {
    if (!builtIn.has(data)) {
      Path path = path(data);
      if (TextReader.isText(path)) {
        checkIsText(data, options);
        return TextReader.read(path, options.test);
      }
      if (!Files.isDirectory(path)) {
        Dataset read = CsvReader.read(path, options.target, options.task);
        return options
            .test
            .map(test -> read.withTest(CsvReader.read(test, read.schema())))
            .orElse(read);
      }
    }
    checkIsImages(data, options);
    if (builtIn.has(data)) {
      return builtIn.open(data, options.unlabelled());
    }
    String name = String.valueOf(path(data).getFileName());
    return IdxFolder.read(path(data), name, options.unlabelled());
  }

  /**
   * Reads data to test a model with: the test examples of a built-in set or folder where it has
   * them, or all of a CSV file.
   *
   * @param schema what the model was trained with
   * @throws DataException if there is no such data, it is damaged, or does not fit the schema
   */
  public Examples test(String data, Schema schema) {
    if (builtIn.has(data)) {
      return builtIn.test(data, schema);
    }
    Path path = path(data);
    if (schema.content() instanceof Content.Text) {
      return TextReader.read(path, schema);
    }
    return Files.isDirectory(path) ? IdxFolder.read(path, schema) : CsvReader.read(path, schema);
  }

  /**
   * Reads data to predict the targets of, as {@link #test}; a CSV file need not have the target.
   *
   * @param schema what the model was trained with
   * @throws DataException if there is no such data, it is damaged, or does not fit the schema
   */
  public Examples inputs(String data, Schema schema) {
    boolean text = schema.content() instanceof Content.Text;
    if (!text && !builtIn.has(data) && !Files.isDirectory(path(data))) {
      return CsvReader.readInputs(path(data), schema);
    }
    Examples examples = test(data, schema);
    return new Examples(examples.features(), examples.inputs(), new float[0]);
  }

  private static void checkIsText(String data, Options options) {
    String where = "data " + DataException.quote(data) + " is text: it takes no ";
    options.target.ifPresent(
        target -> {
          throw new DataException(where + "target " + DataException.quote(target));
        });
    if (options.task.isPresent() && options.task.get() != Task.CLASSIFICATION) {
      throw new DataException(where + "task but classification, of the next character");
    }
  }

  private static void checkIsImages(String data, Options options) {
    String where = "data " + DataException.quote(data) + " is not a CSV file: it takes no ";
    options.target.ifPresent(
        target -> {
          throw new DataException(where + "target " + DataException.quote(target));
        });
    options.test.ifPresent(
        test -> {
          throw new DataException(where + "test file " + DataException.quote(test.toString()));
        });
    if (options.task.equals(Optional.of(Task.REGRESSION))) {
      throw new DataException(where + "task but classification and density-estimation");
    }
  }

  private Path path(String data) {
    if (!isPath(data)) {
      throw new DataException(
          "data "
              + DataException.quote(data)
              + ": no such built-in set ("
              + String.join(", ", builtIn.names())
              + "), folder or file");
    }
    return Path.of(data);
  }

  private static boolean isPath(String data) {
    try {
      return !data.isEmpty() && Files.exists(Path.of(data));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
