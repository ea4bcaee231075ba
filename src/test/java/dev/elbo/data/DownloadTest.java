package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final byte[] CONTENT = "abc".getBytes(StandardCharsets.US_ASCII);

  /** FIPS 180-2, appendix B.1: the SHA-256 of "abc". */
  private static final String SHA256 =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final Published.Part PART = new Published.Part("part", 3, SHA256);

  @TempDir private Path folder;
  private HttpServer server;
  private URI origin;
  private final AtomicReference<HttpHandler> answer = new AtomicReference<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/files/", exchange -> answer.get().handle(exchange));
    server.start();
    origin = URI.create("http://localhost:" + server.getAddress().getPort() + "/files/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static HttpHandler body(byte[] bytes) {
    return exchange -> send(exchange, 200, bytes.length, bytes);
  }

  private static void send(HttpExchange exchange, int status, long length, byte[] bytes)
      throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void assertRefused(Published.Part part, String problem) throws IOException {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Download.fetch(origin, part, folder.resolve("set")))
        .withMessage(origin + "part.gz: " + problem);
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("set"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void keepsTheFileAsItCame() throws IOException {
    byte[] packed = TestFiles.gz(CONTENT);
    answer.set(body(packed));

    Download.fetch(origin, PART, folder.resolve("a/b"));

    try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
      assertThat(files).containsExactly(folder.resolve("a/b/part.gz"));
    }
    assertThat(folder.resolve("a/b/part.gz")).hasBinaryContent(packed);
  }

  @Test
  void followsTheServerToAnotherAddress() {
    answer.set(
        exchange -> {
          if (exchange.getRequestURI().getPath().endsWith("/elsewhere")) {
            body(TestFiles.gz(CONTENT)).handle(exchange);
          } else {
            exchange.getResponseHeaders().add("Location", "/files/elsewhere");
            send(exchange, 302, -1, new byte[0]);
          }
        });

    Download.fetch(origin, PART, folder);

    assertThat(folder.resolve("part.gz")).exists();
  }

  @Test
  void refusesOtherContent() throws IOException {
    answer.set(body(TestFiles.gz("abd")));
    // The SHA-256 of "abd", by sha256sum.
    assertRefused(
        PART,
        "its content is not what was published (SHA-256"
            + " a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9, not "
            + SHA256
            + ")");
    answer.set(body(TestFiles.gz("ab")));
    assertRefused(PART, "its content is not what was published (2 bytes, not 3 bytes)");
    answer.set(body(TestFiles.gz("abcd")));
    assertRefused(PART, "its content is not what was published (more than 3 bytes)");
  }

  @Test
  void refusesTruncatedGz() throws IOException {
    byte[] packed = TestFiles.gz(CONTENT);
    answer.set(body(Arrays.copyOf(packed, packed.length - 2)));
    assertRefused(PART, "truncated: its gzip data ends too early");
  }

  @Test
  void refusesABodyThatEndsTooEarly() throws IOException {
    answer.set(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write(TestFiles.gz(CONTENT));
          exchange.getResponseBody().flush();
          exchange.close();
        });
    int sent = TestFiles.gz(CONTENT).length;
    assertRefused(PART, "cannot be fetched (the connection broke after " + sent + " bytes)");
  }

  @Test
  void refusesABodyThatDoesNotEnd() throws IOException {
    answer.set(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] zeros = new byte[1 << 16];
          while (true) {
            exchange.getResponseBody().write(zeros);
          }
        });
    assertRefused(PART, "cannot be fetched (more than the 1027 bytes that it can have)");
  }

  @Test
  void saysWhatTheServerAnswers() throws IOException {
    answer.set(exchange -> send(exchange, 404, -1, new byte[0]));
    assertRefused(PART, "cannot be fetched (the server answers 404)");
  }

  @Test
  void saysThatThereIsNoServer() throws IOException {
    server.stop(0);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Download.fetch(origin, PART, folder.resolve("set")))
        .withMessageMatching("\\Q" + origin + "\\Epart.gz: cannot be fetched \\(.+\\)");
    assertNothingIsLeft();
  }

  @Test
  void canBeInterrupted() throws IOException {
    answer.set(body(TestFiles.gz(CONTENT)));
    Thread.currentThread().interrupt();
    try {
      assertRefused(PART, "cannot be fetched (interrupted)");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void saysThatTheFolderCannotBeMade() throws IOException {
    Path file = TestFiles.write(folder, "file", "");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Download.fetch(origin, PART, file))
        .withMessage(origin + "part.gz: cannot be fetched (" + file + ")");
  }
}
