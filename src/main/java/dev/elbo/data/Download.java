package dev.elbo.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Fetches published files: a file is there whole and checked, or it is not there. */
final class Download {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int HTTP_OK = 200;
  private static final int BUFFER = 1 << 16;

  /** What gz adds to bytes that it cannot pack: 5 bytes for each 16 KiB block and its frame. */
  private static final long PACKING_SHARE = 1 << 10;

  private Download() {}

  /**
   * Fetches a file into a folder, which is made if need be, under the name of the part and {@code
   * .gz}.
   *
   * @param origin the address of the folder that holds it, ending in a slash
   * @throws DataException if it cannot be had, or is not what was published
   */
  static void fetch(URI origin, Published.Part part, Path folder) {
    URI address = origin.resolve(part.name() + ".gz");
    try {
      Files.createDirectories(folder);
      Path partial = Files.createTempFile(folder, part.name(), ".part");
      try {
        receive(address, partial, part.size() + part.size() / PACKING_SHARE + PACKING_SHARE);
        check(address, partial, part);
        force(partial);
        Path target = folder.resolve(part.name() + ".gz");
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new DataException(address + ": cannot be fetched (" + reason(e) + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(address + ": cannot be fetched (interrupted)", e);
    }
  }

  private static void receive(URI address, Path file, long limit)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build()) {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body();
          OutputStream out = Files.newOutputStream(file)) {
        if (response.statusCode() != HTTP_OK) {
          throw new IOException("the server answers " + response.statusCode());
        }
        copy(body, out, limit);
      } finally {
        // The rest of an endless body would keep close() waiting.
        client.shutdownNow();
      }
    }
  }

  private static void copy(InputStream body, OutputStream out, long limit) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long received = 0;
    for (int read = read(body, buffer, 0); read >= 0; read = read(body, buffer, received)) {
      received += read;
      if (received > limit) {
        throw new IOException("more than the " + limit + " bytes that it can have");
      }
      out.write(buffer, 0, read);
    }
  }

  private static int read(InputStream body, byte[] buffer, long received) throws IOException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new IOException("the connection broke after " + received + " bytes", e);
    }
  }

  private static void check(URI address, Path file, Published.Part part) {
    try {
      ContentHash.check(file, part.size(), part.sha256());
    } catch (DataException e) {
      // The partial file, which e names, is about to go; the address is what the user can check.
      String problem = String.valueOf(e.getMessage()).substring((file + ": ").length());
      throw new DataException(address + ": " + problem, e);
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
