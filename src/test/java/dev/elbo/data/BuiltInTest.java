package dev.elbo.data;

import static dev.elbo.data.TestFiles.gz;
import static dev.elbo.data.TestFiles.images;
import static dev.elbo.data.TestFiles.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInTest {
  private static final BuiltIn NOWHERE = new BuiltIn(List.of(), Optional.empty());

  /** A published set of two pictures to train with and one to test with. */
  private static final Map<String, byte[]> FILES =
      new TreeMap<>(
          Map.of(
              "train-images-idx3-ubyte", images(2, 1, 2, 1, 2, 3, 4),
              "train-labels-idx1-ubyte", labels(0, 1),
              "t10k-images-idx3-ubyte", images(1, 1, 2, 5, 6),
              "t10k-labels-idx1-ubyte", labels(1)));

  @TempDir private Path folder;
  private HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (Map.Entry<String, byte[]> file : FILES.entrySet()) {
      byte[] body = gz(file.getValue());
      server.createContext(
          "/" + file.getKey() + ".gz",
          exchange -> {
            requests.incrementAndGet();
            try (exchange) {
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
    }
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Published tiny() {
    List<Published.Part> parts =
        List.of("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
            .stream()
            .map(name -> name + "-ubyte")
            .map(name -> new Published.Part(name, FILES.get(name).length, sha256(name)))
            .toList();
    URI origin = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    return new Published("tiny", "two pictures", origin, parts);
  }

  private static String sha256(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(FILES.get(name)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private BuiltIn in(List<Path> folders, Optional<Path> cache) {
    return new BuiltIn(folders, cache, List.of(tiny()));
  }

  private static void fill(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : FILES.entrySet()) {
      TestFiles.write(folder, file.getKey(), file.getValue());
    }
  }

  private static int[] counts(Examples examples) {
    int[] counts = new int[10];
    for (float target : examples.targets()) {
      counts[(int) target]++;
    }
    return counts;
  }

  @Test
  void digitsHaveNoClassesForDensityEstimation() {
    Dataset digits = NOWHERE.open("digits", true);

    assertThat(digits.schema()).isEqualTo(Schema.ofImages(new Content.Images(8, 8, 16)));
    assertThat(digits.train().targets()).isEmpty();
    assertThat(digits.train().inputs()).isEqualTo(NOWHERE.open("digits").train().inputs());
    assertThat(NOWHERE.test("digits", digits.schema()).size()).isEqualTo(1797);
  }

  @Test
  void digitsAreThoseOfUci() {
    Dataset digits = NOWHERE.open("digits");
    Examples test = digits.test().orElseThrow();

    assertThat(digits.schema())
        .isEqualTo(
            new Schema(
                Task.CLASSIFICATION,
                Schema.positions(64),
                Optional.of("64"),
                Schema.positions(10),
                new Content.Images(8, 8, 16)));
    // The counts are those of optdigits.names.
    assertThat(counts(digits.train()))
        .containsExactly(376, 389, 380, 389, 387, 376, 377, 387, 380, 382);
    assertThat(counts(test)).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
    // The first line of optdigits.tes: 0,0,5,13,9,1,0,0,...,0
    assertThat(test.inputs()).startsWith(0, 0, 5, 13, 9, 1, 0, 0);
    for (float pixel : digits.train().inputs()) {
      assertThat(pixel >= 0 && pixel <= 16).isTrue();
    }
  }

  @Test
  void digitsCanBeTestedAlone() {
    Dataset digits = NOWHERE.open("digits");

    assertThat(NOWHERE.test("digits", digits.schema()).inputs())
        .isEqualTo(digits.test().orElseThrow().inputs());
  }

  @Test
  void findsAFolderOfItsNameOrTheFolderItself() throws IOException {
    Path parent = folder.resolve("parent");
    fill(parent.resolve("tiny"));
    BuiltIn below = in(List.of(folder.resolve("missing"), parent), Optional.empty());
    BuiltIn at = in(List.of(parent.resolve("tiny")), Optional.empty());

    for (BuiltIn builtIn : List.of(below, at)) {
      Dataset set = builtIn.open("tiny");
      assertThat(set.name()).isEqualTo("tiny");
      assertThat(set.train().inputs()).containsExactly(1, 2, 3, 4);
      assertThat(builtIn.test("tiny", set.schema()).inputs()).containsExactly(5, 6);
      assertThat(builtIn.entries().getLast())
          .isEqualTo(
              new BuiltIn.Entry(
                  "tiny", "two pictures", Optional.of(parent.resolve("tiny").toString()), true));
    }
    assertThat(requests).hasValue(0);
  }

  @Test
  void refusesAFolderThatHoldsAnotherSet() throws IOException {
    fill(folder);
    Path labels = TestFiles.write(folder, "train-labels-idx1-ubyte", labels(1, 0));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> in(List.of(folder), Optional.empty()).open("tiny"))
        .withMessageStartingWith(labels + ": its content is not what was published (SHA-256 ")
        .withMessageEndingWith(", not " + sha256("train-labels-idx1-ubyte") + ")");
  }

  @Test
  void namesTheFileThatAFolderLacks() throws IOException {
    fill(folder);
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> in(List.of(folder), Optional.empty()).open("tiny"))
        .withMessageStartingWith(folder + ": no file train-labels-idx1-ubyte or ");
  }

  @Test
  void downloadsOnceIntoTheCache() {
    BuiltIn builtIn = in(List.of(), Optional.of(folder.resolve("cache")));
    assertThat(builtIn.entries().getLast().place()).isEmpty();

    assertThat(builtIn.open("tiny").train().targets()).containsExactly(0, 1);
    assertThat(builtIn.open("tiny").test().orElseThrow().targets()).containsExactly(1);

    assertThat(requests).hasValue(4);
    assertThat(builtIn.entries().getLast().place())
        .contains(folder.resolve("cache/tiny").toString());
  }

  @Test
  void completesADownloadThatWasInterrupted() throws IOException {
    BuiltIn builtIn = in(List.of(), Optional.of(folder));
    builtIn.open("tiny");
    Files.delete(folder.resolve("tiny/train-labels-idx1-ubyte.gz"));
    Files.delete(folder.resolve("tiny/t10k-images-idx3-ubyte.gz"));

    assertThat(builtIn.open("tiny").train().size()).isEqualTo(2);

    assertThat(requests).hasValue(6);
  }

  @Test
  void saysWhereItLooked() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> in(List.of(folder), Optional.empty()).open("tiny"))
        .withMessage(
            "data 'tiny': not found in [" + folder + "], and there is no folder to download it to");
  }

  @Test
  void saysWhatThereIs() {
    assertThat(NOWHERE.names())
        .containsExactly("digits", "binarized-mnist", "fashion-mnist", "mnist");
    assertThat(NOWHERE.has("mnist")).isTrue();
    assertThat(NOWHERE.has("cifar")).isFalse();
    assertThat(NOWHERE.entries().getFirst().place()).contains("built in");
    assertThat(NOWHERE.entries().get(1).place()).isEmpty();
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> NOWHERE.open("cifar"))
        .withMessage(
            "data 'cifar': no such built-in set (digits, binarized-mnist, fashion-mnist, mnist)");
  }

  @Test
  void publishedSetsAreFetchedSecurely() {
    for (Published set : List.of(Published.FASHION_MNIST, Published.MNIST)) {
      assertThat(set.origin().getScheme()).isEqualTo("https");
      assertThat(set.origin().getPath()).endsWith("/");
      assertThat(set.files()).allMatch(part -> part.sha256().matches("[0-9a-f]{64}"));
    }
  }

  @Test
  void readsFashionMnistWhereItIsInstalled() {
    Path system = Path.of("/usr/share/datasets");
    assumeTrue(
        Files.exists(system.resolve("fashion-mnist")), "dataset-fashion-mnist is not installed");
    Dataset set = new BuiltIn(List.of(system), Optional.empty()).open("fashion-mnist");

    assertThat(counts(set.train())).containsOnly(6000);
    assertThat(counts(set.test().orElseThrow())).containsOnly(1000);
    for (Published.Part part : Published.FASHION_MNIST.files()) {
      Path file = IdxFolder.file(system.resolve("fashion-mnist"), part.name()).orElseThrow();
      ContentHash.check(file, part.size(), part.sha256());
    }
  }
}
