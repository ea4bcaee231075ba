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
   * @param unlabelled without the labels, whose files may be missing: for density estimation
   * @throws DataException if a file is missing or damaged, or files do not belong together
   */
  public static Dataset read(Path folder, String name, boolean unlabelled) {
    return unlabelled ? unlabelled(folder, name) : labelled(folder, name);
  }

  private static Dataset labelled(Path folder, String name) {
    Pair pair = pair(folder, TRAIN).orElseThrow(() -> missing(folder, TRAIN + IMAGES));
    IdxReader.Images images = IdxReader.images(pair.images);
    float[] labels = labels(pair, images.count());
    Schema schema = Schema.ofImages(images.content(), classes(pair.labels, labels));
    Examples train = new Examples(schema.features().size(), images.pixels(), labels);
    Optional<Examples> test = pair(folder, TEST).map(files -> read(files, schema));
    return new Dataset(name, schema, train, Optional.empty(), test);
  }

  private static Dataset unlabelled(Path folder, String name) {
    Path file = file(folder, TRAIN + IMAGES).orElseThrow(() -> missing(folder, TRAIN + IMAGES));
    IdxReader.Images images = IdxReader.images(file);
    Schema schema = Schema.ofImages(images.content());
    Examples train = new Examples(schema.features().size(), images.pixels(), new float[0]);
    Optional<Examples> test = file(folder, TEST + IMAGES).map(path -> pictures(path, schema));
    return new Dataset(name, schema, train, Optional.empty(), test);
  }

  /**
   * Reads the examples to test a model with, or the training examples of a folder without test
   * examples.
   *
   * @param schema what the model was trained with
   * @throws DataException if a file is missing or damaged, or does not fit the schema
   */
  public static Examples read(Path folder, Schema schema) {
    if (schema.task() == Task.DENSITY_ESTIMATION) {
      return Stream.of(TEST, TRAIN)
          .flatMap(part -> file(folder, part + IMAGES).stream())
          .findFirst()
          .map(file -> pictures(file, schema))
          .orElseThrow(() -> missing(folder, TEST + IMAGES));
    }
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
    Examples pictures = pictures(files.images, schema);
    float[] labels = labels(files, pictures.size());
    return new Examples(
        pictures.features(), pictures.inputs(), indices(files.labels, labels, schema.classes()));
  }

  private static Examples pictures(Path file, Schema schema) {
    IdxReader.Images images = IdxReader.images(file);
    int pixels = images.rows() * images.columns();
    if (pixels != schema.features().size()) {
      throw new DataException(
          file
              + ": pictures of "
              + images.rows()
              + " x "
              + images.columns()
              + " pixels, but "
              + schema.features().size()
              + " inputs are expected");
    }
    return new Examples(pixels, images.pixels(), new float[0]);
  }

  private static float[] labels(Pair files, int pictures) {
    float[] labels = IdxReader.labels(files.labels);
    if (labels.length != pictures) {
      throw new DataException(
          files.labels
              + ": "
              + labels.length
              + " labels for the "
              + pictures
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
