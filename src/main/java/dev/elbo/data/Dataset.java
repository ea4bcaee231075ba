package dev.elbo.data;

import java.util.Optional;

/**
 * Examples to learn from and, where the data set brings its own, examples to test with.
 *
 * @param name how reports call it
 * @param schema what the columns mean, in all parts
 * @param train the examples to learn from
 * @param validation the examples set apart to choose settings by
 * @param test the examples held back
 */
public record Dataset(
    String name,
    Schema schema,
    Examples train,
    Optional<Examples> validation,
    Optional<Examples> test) {
  /**
   * Checks that all parts have the columns of the schema.
   *
   * @throws IllegalArgumentException if not
   */
  public Dataset {
    check(name, schema, train);
    validation.ifPresent(examples -> check(name, schema, examples));
    test.ifPresent(examples -> check(name, schema, examples));
  }

  /** Examples to learn from alone. */
  static Dataset of(String name, Schema schema, Examples train) {
    return new Dataset(name, schema, train, Optional.empty(), Optional.empty());
  }

  /** The same data set with other test examples. */
  Dataset withTest(Examples examples) {
    return new Dataset(name, schema, train, validation, Optional.of(examples));
  }

  private static void check(String name, Schema schema, Examples examples) {
    if (examples.features() != schema.features().size()) {
      throw new IllegalArgumentException(
          name
              + ": examples of "
              + examples.features()
              + " features, a schema of "
              + schema.features().size());
    }
  }
}
