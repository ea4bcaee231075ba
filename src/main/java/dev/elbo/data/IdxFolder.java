package dev.elbo.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Reads a folder of IDX files under MNIST's names, each plain or with {@code .gz}: {@code
 * train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, and for the test examples, if it has
 * any, {@code t10k-images-idx3-ubyte}, {@code t10k-labels-idx1-ubyte}.
 */
public final class IdxFolder {
  private static final String TRAIN = "train";
  private static final String TEST = "t10k";
  private static final String IMAGES = "-images-idx3-ubyte";
  private static final String LABELS = "-labels-idx1-ubyte";

  private IdxFolder() {}

  private record Pair(Path images, Path labels) {}

  /**
   * Reads the examples to train with, and those to test with where the folder has them; the classes
   * are 0 to the largest training label.
   *
   * @param name the name of the data set
   * @throws DataException if a file is missing or damaged, or files do not belong together
   */
  public static Dataset read(Path folder, String name) {
    Pair pair = pair(folder, TRAIN).orElseThrow(() -> missing(folder, TRAIN + IMAGES));
    IdxReader.Images images = IdxReader.images(pair.images);
    float[] labels = labels(pair, images);
    Schema schema = Schema.ofImages(images.rows() * images.columns(), classes(pair.labels, labels));
    Examples train = new Examples(schema.features().size(), images.pixels(), labels);
    Optional<Examples> test = pair(folder, TEST).map(files -> read(files, schema));
    return new Dataset(name, schema, train, test);
  }

  /**
   * Reads the examples to test a model with, or the training examples of a folder without test
   * examples.
   *
   * @param schema what the model was trained with
   * @throws DataException if a file is missing or damaged, or does not fit the schema
   */
  public static Examples read(Path folder, Schema schema) {
    Pair files =
        Stream.of(TEST, TRAIN)
            .flatMap(part -> pair(folder, part).stream())
            .findFirst()
            .orElseThrow(() -> missing(folder, TEST + IMAGES));
    return read(files, schema);
  }

  /** Whether the folder holds training pictures. */
  static boolean isAt(Path folder) {
    return file(folder, TRAIN + IMAGES).isPresent();
  }

  /** The file of that name, plain or else gz. */
  static Optional<Path> file(Path folder, String name) {
    return Stream.of(name, name + ".gz").map(folder::resolve).filter(Files::exists).findFirst();
  }

  private static Optional<Pair> pair(Path folder, String part) {
    Optional<Path> images = file(folder, part + IMAGES);
    Optional<Path> labels = file(folder, part + LABELS);
    if (images.isEmpty() && labels.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Pair(
            images.orElseThrow(() -> missing(folder, part + IMAGES)),
            labels.orElseThrow(() -> missing(folder, part + LABELS))));
  }

  private static DataException missing(Path folder, String name) {
    return new DataException(folder + ": no file " + name + " or " + name + ".gz in this folder");
  }

  private static Examples read(Pair files, Schema schema) {
    if (schema.task() != Task.CLASSIFICATION) {
      throw new DataException(files.labels + ": holds classes, but the model predicts numbers");
    }
    IdxReader.Images images = IdxReader.images(files.images);
    int pixels = images.rows() * images.columns();
    if (pixels != schema.features().size()) {
      throw new DataException(
          files.images
              + ": pictures of "
              + images.rows()
              + " x "
              + images.columns()
              + " pixels, but "
              + schema.features().size()
              + " inputs are expected");
    }
    float[] labels = labels(files, images);
    return new Examples(pixels, images.pixels(), indices(files.labels, labels, schema.classes()));
  }

  private static float[] labels(Pair files, IdxReader.Images images) {
    float[] labels = IdxReader.labels(files.labels);
    if (labels.length != images.count()) {
      throw new DataException(
          files.labels
              + ": "
              + labels.length
              + " labels for the "
              + images.count()
              + " pictures of "
              + files.images.getFileName());
    }
    return labels;
  }

  private static List<String> classes(Path file, float[] labels) {
    int largest = 0;
    boolean alike = true;
    for (float label : labels) {
      largest = Math.max(largest, (int) label);
      alike &= label == labels[0];
    }
    if (alike) {
      throw new DataException(file + ": only one class, " + (int) labels[0]);
    }
    return Schema.positions(largest + 1);
  }

  /** Replaces labels by the indices of the classes of that name. */
  private static float[] indices(Path file, float[] labels, List<String> classes) {
    ClassIndex index = new ClassIndex(classes);
    for (int i = 0; i < labels.length; i++) {
      String label = Integer.toString((int) labels[i]);
      OptionalInt found = index.find(label);
      if (found.isEmpty()) {
        throw new DataException(
            file
                + ": label "
                + label
                + " of picture "
                + i
                + " is not among the classes "
                + DataException.quote(classes));
      }
      labels[i] = found.getAsInt();
    }
    return labels;
  }
}
