package dev.elbo.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What the columns of a data set mean; a model keeps it, so that later files are read the same way.
 *
 * @param task what is learned
 * @param features the names of the inputs in their order; positions from 0 where the file has none
 * @param target the name of the target, or its position; with density estimation that of a column
 *     to be left out, if there is one
 * @param classes the names of the classes in the order of their indices; empty without classes
 * @param content what the inputs are
 */
public record Schema(
    Task task,
    List<String> features,
    Optional<String> target,
    List<String> classes,
    Content content) {
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
    if (task != Task.CLASSIFICATION && !classes.isEmpty()) {
      throw new IllegalArgumentException(
          task.name().toLowerCase(Locale.ROOT) + " with " + classes.size() + " classes");
    }
    if (task != Task.DENSITY_ESTIMATION && target.isEmpty()) {
      throw new IllegalArgumentException(
          task.name().toLowerCase(Locale.ROOT) + " without a target");
    }
    if (content instanceof Content.Images images
        && images.height() * images.width() != features.size()) {
      throw new IllegalArgumentException(
          "pictures of %d x %d pixels with %d features"
              .formatted(images.height(), images.width(), features.size()));
    }
  }

  /** The schema of pictures with the target in the column after the last pixel. */
  static Schema ofImages(Content.Images images, List<String> classes) {
    int pixels = images.height() * images.width();
    Optional<String> target = Optional.of(Integer.toString(pixels));
    return new Schema(Task.CLASSIFICATION, positions(pixels), target, classes, images);
  }

  /** The schema of pictures without targets. */
  static Schema ofImages(Content.Images images) {
    List<String> pixels = positions(images.height() * images.width());
    return new Schema(Task.DENSITY_ESTIMATION, pixels, Optional.empty(), List.of(), images);
  }

  /** Whether the inputs are the pixels of one picture. */
  public boolean hasImages() {
    return content instanceof Content.Images;
  }

  /** The names of the columns of a file that does not name them: "0", "1", ... */
  static List<String> positions(int columns) {
    return IntStream.range(0, columns).mapToObj(Integer::toString).toList();
  }

  /** Whether columns are known by position only. */
  boolean isPositional() {
    return target.isEmpty()
        ? features.equals(positions(features.size()))
        : targetPosition().isPresent();
  }

  /** Where the target stands among the columns, when columns are known by position only. */
  OptionalInt targetPosition() {
    List<String> columns = positions(features.size() + 1);
    int position = target.map(columns::indexOf).orElse(-1);
    if (position < 0) {
      return OptionalInt.empty();
    }
    List<String> others = new ArrayList<>(columns);
    others.remove(position);
    return others.equals(features) ? OptionalInt.of(position) : OptionalInt.empty();
  }
}
