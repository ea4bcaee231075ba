package dev.elbo.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The data sets that are known by name.
 *
 * <p>{@code digits} is part of the library. The others are looked for in folders, as a folder of
 * their name or the folder itself, then in the cache, into which they are else downloaded; every
 * downloaded file has to have the published SHA-256.
 */
public final class BuiltIn {
  private static final String DIGITS = "digits";
  private static final String DIGITS_ABOUT =
      "3823 + 1797 handwritten digits, 8 x 8, 10 classes (UCI optdigits)";
  private static final String DIGITS_TRAIN = "optdigits.tra.csv.gz";
  private static final String DIGITS_TEST = "optdigits.tes.csv.gz";
  private static final Content.Images DIGITS_CONTENT = new Content.Images(8, 8, 16);

  private final List<Path> folders;
  private final Optional<Path> cache;
  private final List<Published> published;

  /**
   * Looks in the given folders.
   *
   * @param folders where data sets may be, the most important first
   * @param cache where downloads are kept; without it nothing is downloaded
   */
  public BuiltIn(List<Path> folders, Optional<Path> cache) {
    this(folders, cache, List.of(Published.FASHION_MNIST, Published.MNIST));
  }

  BuiltIn(List<Path> folders, Optional<Path> cache, List<Published> published) {
    this.folders = List.copyOf(folders);
    this.cache = cache;
    this.published = List.copyOf(published);
  }

  /**
   * A data set that is known by name.
   *
   * @param about one line about it
   * @param place the folder that holds it, "built in", or nothing where it is not
   * @param downloadable whether it is downloaded when it is not there
   */
  public record Entry(String name, String about, Optional<String> place, boolean downloadable) {}

  /** All data sets that are known by name. */
  public List<Entry> entries() {
    Entry digits = new Entry(DIGITS, DIGITS_ABOUT, Optional.of("built in"), false);
    Entry binarized =
        new Entry(
            BinarizedMnist.NAME, BinarizedMnist.ABOUT, binarizedMnist().map(Path::toString), false);
    Stream<Entry> others =
        published.stream()
            .map(
                set ->
                    new Entry(set.name(), set.description(), find(set).map(Path::toString), true));
    return Stream.concat(Stream.of(digits, binarized), others).toList();
  }

  /** Whether there is a data set of this name. */
  public boolean has(String name) {
    return names().contains(name);
  }

  /** The names of all data sets. */
  public List<String> names() {
    return Stream.concat(
            Stream.of(DIGITS, BinarizedMnist.NAME), published.stream().map(Published::name))
        .toList();
  }

  /**
   * Reads a data set.
   *
   * @throws DataException if there is none of this name, or it is not there and cannot be
   *     downloaded, or is damaged
   */
  public Dataset open(String name) {
    return open(name, false);
  }

  /**
   * Reads a data set.
   *
   * @param unlabelled without its targets: for density estimation
   */
  Dataset open(String name, boolean unlabelled) {
    if (name.equals(BinarizedMnist.NAME)) {
      return BinarizedMnist.read(requireBinarizedMnist());
    }
    if (!name.equals(DIGITS)) {
      return IdxFolder.read(folder(name), name, unlabelled);
    }
    Schema schema =
        unlabelled
            ? Schema.ofImages(DIGITS_CONTENT)
            : Schema.ofImages(DIGITS_CONTENT, Schema.positions(10));
    return Dataset.of(name, schema, digits(DIGITS_TRAIN, schema))
        .withTest(digits(DIGITS_TEST, schema));
  }

  /**
   * Reads the test examples of a data set.
   *
   * @param schema what the model to be tested was trained with
   * @throws DataException as {@link #open}, and if the data does not fit the schema
   */
  public Examples test(String name, Schema schema) {
    return switch (name) {
      case DIGITS -> digits(DIGITS_TEST, schema);
      case BinarizedMnist.NAME -> BinarizedMnist.test(requireBinarizedMnist());
      default -> IdxFolder.read(folder(name), schema);
    };
  }

  private static Examples digits(String resource, Schema schema) {
    try (InputStream bytes = BuiltIn.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IllegalStateException("the library was built without " + resource);
      }
      try (CsvRows rows = new CsvRows(Source.of(resource, bytes))) {
        return digits(rows, schema);
      }
    } catch (IOException e) {
      throw Source.failure(resource, e);
    }
  }

  /** The pixels are followed by the class, of which a schema without targets does not know. */
  private static Examples digits(CsvRows rows, Schema schema) {
    if (schema.task() != Task.DENSITY_ESTIMATION) {
      return new KnownCsv(rows, schema).examples();
    }
    Schema labelled = Schema.ofImages(DIGITS_CONTENT, Schema.positions(10));
    return new KnownCsv(rows, labelled).inputs();
  }

  private Path folder(String name) {
    Published set =
        published.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        "data "
                            + DataException.quote(name)
                            + ": no such built-in set ("
                            + String.join(", ", names())
                            + ")"));
    Optional<Path> found = find(set);
    if (found.isPresent()) {
      checkIsOf(set, found.get());
      return found.get();
    }
    return download(set);
  }

  private Optional<Path> binarizedMnist() {
    return Stream.concat(folders.stream(), cache.stream())
        .flatMap(folder -> Stream.of(folder.resolve(BinarizedMnist.NAME), folder))
        .filter(BinarizedMnist::isAt)
        .findFirst();
  }

  private Path requireBinarizedMnist() {
    return binarizedMnist()
        .orElseThrow(
            () -> BinarizedMnist.nowhere(Stream.concat(folders.stream(), cache.stream()).toList()));
  }

  private Optional<Path> find(Published set) {
    Stream<Path> given =
        folders.stream()
            .flatMap(folder -> Stream.of(folder.resolve(set.name()), folder))
            .filter(IdxFolder::isAt);
    // A download that was interrupted leaves some of the files.
    Stream<Path> downloaded =
        cache.stream().map(parent -> parent.resolve(set.name())).filter(set::isWhole);
    return Stream.concat(given, downloaded).findFirst();
  }

  /** MNIST and its successors have the same file names, and a folder may be called anything. */
  private static void checkIsOf(Published set, Path folder) {
    Published.Part labels = set.trainingLabels();
    IdxFolder.file(folder, labels.name())
        .ifPresent(file -> ContentHash.check(file, labels.size(), labels.sha256()));
  }

  private Path download(Published set) {
    Path folder =
        cache
            .map(parent -> parent.resolve(set.name()))
            .orElseThrow(
                () ->
                    new DataException(
                        "data "
                            + DataException.quote(set.name())
                            + ": not found in "
                            + folders
                            + ", and there is no folder to download it to"));
    for (Published.Part part : set.files()) {
      if (IdxFolder.file(folder, part.name()).isEmpty()) {
        Download.fetch(set.origin(), part, folder);
      }
    }
    return folder;
  }
}
