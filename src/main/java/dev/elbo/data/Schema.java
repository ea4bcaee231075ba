package dev.elbo.data;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What the columns of a data set mean; a model keeps it, so that later files are read the same way.
 *
 * @param task what the target is
 * @param features the names of the inputs in their order; positions from 0 where the file has none
 * @param target the name of the target, or its position
 * @param classes the names of the classes in the order of their indices; empty for regression
 * @param images whether the inputs are the pixels of one picture, on one scale
 */
public record Schema(
    Task task, List<String> features, String target, List<String> classes, boolean images) {
  /**
   * Checks that there are inputs, and classes where the task needs them.
   *
   * @throws IllegalArgumentException if not
   */
  public Schema {
    features = List.copyOf(features);
    classes = List.copyOf(classes);
    if (features.isEmpty()) {
      throw new IllegalArgumentException("a schema without features");
    }
    if (task == Task.CLASSIFICATION && classes.size() < 2) {
      throw new IllegalArgumentException("classification with " + classes.size() + " classes");
    }
    if (task == Task.REGRESSION && !classes.isEmpty()) {
      throw new IllegalArgumentException("regression with " + classes.size() + " classes");
    }
  }

  /** The schema of pictures with the target in the column after the last pixel. */
  static Schema ofImages(int pixels, List<String> classes) {
    return new Schema(
        Task.CLASSIFICATION, positions(pixels), Integer.toString(pixels), classes, true);
  }

  /** The names of the columns of a file that does not name them: "0", "1", ... */
  static List<String> positions(int columns) {
    return IntStream.range(0, columns).mapToObj(Integer::toString).toList();
  }

  /** Where the target stands among the columns, when columns are known by position only. */
  OptionalInt targetPosition() {
    List<String> columns = positions(features.size() + 1);
    int position = columns.indexOf(target);
    if (position < 0) {
      return OptionalInt.empty();
    }
    List<String> others = new ArrayList<>(columns);
    others.remove(position);
    return others.equals(features) ? OptionalInt.of(position) : OptionalInt.empty();
  }
}
