package dev.elbo.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pictures of MNIST with every pixel drawn once as 0 or 1: the fixed binarisation of Larochelle
 * and Murray (2011), with which densities of pictures are compared. A part is a file {@code
 * binarized_mnist_train}, {@code _valid} or {@code _test}, with {@code -images-idx3-ubyte} as IDX
 * or with {@code .amat} as it was published: text, a row of 784 numbers a picture; each plain or
 * gz.
 */
final class BinarizedMnist {
  static final String NAME = "binarized-mnist";
  static final String ABOUT =
      "50000 + 10000 + 10000 MNIST pictures of 0 and 1, 28 x 28, no classes (Larochelle)";

  private static final String TRAIN = "train";
  private static final String VALIDATION = "valid";
  private static final String TEST = "test";
  private static final String PREFIX = "binarized_mnist_";
  private static final List<String> SUFFIXES =
      List.of("-images-idx3-ubyte", "-images-idx3-ubyte.gz", ".amat", ".amat.gz");
  private static final int SIDE = 28;
  private static final Content.Images CONTENT = new Content.Images(SIDE, SIDE, 1);

  private BinarizedMnist() {}

  /** Whether a folder has pictures to train with. */
  static boolean isAt(Path folder) {
    return file(folder, TRAIN).isPresent();
  }

  /** Reads all parts; those to validate and to test with may be missing. */
  static Dataset read(Path folder) {
    Examples train = part(folder, TRAIN).orElseThrow(() -> missing(folder, TRAIN));
    return new Dataset(
        NAME, Schema.ofImages(CONTENT), train, part(folder, VALIDATION), part(folder, TEST));
  }

  /** Reads the examples to test with. */
  static Examples test(Path folder) {
    return part(folder, TEST).orElseThrow(() -> missing(folder, TEST));
  }

  /** Says that the set is nowhere, and what to do. */
  static DataException nowhere(List<Path> folders) {
    return new DataException(
        "data '%s': not found in %s: put %s{train,valid,test}.amat (H. Larochelle), or IDX files %s"
                .formatted(NAME, folders, PREFIX, PREFIX)
            + "{train,valid,test}-images-idx3-ubyte, into a folder '"
            + NAME
            + "' there, or name theirs by --data-dir");
  }

  private static Optional<Examples> part(Path folder, String part) {
    return file(folder, part).map(BinarizedMnist::pictures);
  }

  private static Optional<Path> file(Path folder, String part) {
    return SUFFIXES.stream()
        .map(suffix -> folder.resolve(PREFIX + part + suffix))
        .filter(Files::exists)
        .findFirst();
  }

  private static Examples pictures(Path file) {
    boolean text = Stream.of(".amat", ".amat.gz").anyMatch(file.toString()::endsWith);
    float[] pixels = text ? AmatReader.read(file, SIDE * SIDE) : idx(file);
    return new Examples(SIDE * SIDE, pixels, new float[0]);
  }

  private static float[] idx(Path file) {
    IdxReader.Images images = IdxReader.images(file);
    if (images.rows() != SIDE || images.columns() != SIDE) {
      throw new DataException(
          "%s: pictures of %d x %d pixels, not %d x %d"
              .formatted(file, images.rows(), images.columns(), SIDE, SIDE));
    }
    if (images.content().brightest() > 1) {
      throw new DataException(file + ": has pixels that are neither 0 nor 1");
    }
    return images.pixels();
  }

  private static DataException missing(Path folder, String part) {
    return new DataException(
        "%s: no file %s%s%s or .amat in this folder"
            .formatted(folder, PREFIX, part, SUFFIXES.getFirst()));
  }
}
