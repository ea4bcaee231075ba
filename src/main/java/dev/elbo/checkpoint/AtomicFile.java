package dev.elbo.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Replaces a file as a whole: whoever opens it sees the old content or the new one, never a part.
 *
 * <p>The new content goes to a temporary file in the same folder, is forced to the disk, renamed
 * over the target, and the folder is forced. A process killed on the way leaves the target as it
 * was and one temporary file, which {@link #removeLeftovers} recognises by its name.
 */
public final class AtomicFile {
  /** The start of the name of every temporary file. */
  public static final String TEMPORARY_PREFIX = ".elbo-";

  /** The end of the name of every temporary file. */
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private AtomicFile() {}

  /** Writes the new content of a file. */
  @FunctionalInterface
  public interface BodyWriter {
    /**
     * Writes everything; closing the stream is allowed and not needed.
     *
     * @param out the temporary file, unbuffered
     * @throws IOException where writing fails
     */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes the file, or leaves it as it was.
   *
   * @param target the file to create or replace; a symbolic link is followed
   * @param body writes the content
   * @throws CheckpointException where the target is not a regular file, or the content cannot be
   *     written, with the reason; the temporary file is gone then. Another exception of the body is
   *     passed on, with the same clean-up.
   */
  public static void write(Path target, BodyWriter body) {
    try {
      Path file = Files.isSymbolicLink(target) ? target.toRealPath() : target.toAbsolutePath();
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
        throw new CheckpointException(target.toString(), "is not a regular file");
      }
      replace(file, body);
    } catch (IOException e) {
      throw failure(target, e);
    } catch (UncheckedIOException e) {
      throw failure(target, Objects.requireNonNull(e.getCause()));
    }
  }

  /**
   * Removes the temporary files that killed processes left in a folder; to be called while nobody
   * else writes there.
   *
   * @param folder the folder; folders in it are not visited
   * @return how many files were removed
   * @throws CheckpointException where the folder cannot be listed or a file not removed
   */
  public static int removeLeftovers(Path folder) {
    int removed = 0;
    String pattern = TEMPORARY_PREFIX + "*" + TEMPORARY_SUFFIX;
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, pattern)) {
      for (Path leftover : leftovers) {
        if (Files.isRegularFile(leftover, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(leftover);
          removed++;
        }
      }
    } catch (IOException e) {
      throw new CheckpointException(
          folder.toString(), "cannot remove temporary files: " + reason(e), e);
    }
    return removed;
  }

  /** The reason of a failure in words: the JDK's message is often the bare path. */
  static String reason(IOException e) {
    String text =
        switch (e) {
          case NoSuchFileException _ -> "no such file or folder";
          case AccessDeniedException _ -> "permission denied";
          case ClosedByInterruptException _ -> "interrupted";
          case FileSystemException failure -> failure.getReason();
          default -> e.getMessage();
        };
    return text == null ? e.getClass().getSimpleName() : text;
  }

  private static CheckpointException failure(Path target, IOException e) {
    return new CheckpointException(target.toString(), "cannot be written: " + reason(e), e);
  }

  private static void replace(Path file, BodyWriter body) throws IOException {
    Path temporary = temporary(file);
    boolean renamed = false;
    // CREATE_NEW: a name that is taken, even by a link, is an error and never followed.
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try {
        body.write(keptOpen(Channels.newOutputStream(channel)));
        channel.force(true);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        renamed = true;
      } finally {
        if (!renamed) {
          Files.deleteIfExists(temporary);
        }
      }
    }
    forceFolder(temporary);
  }

  private static Path temporary(Path file) {
    // Unique, so that two writers of one target cannot rename each other's half-written file.
    String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return file.resolveSibling(
        TEMPORARY_PREFIX + file.getFileName() + "-" + unique + TEMPORARY_SUFFIX);
  }

  /** A body may close its writer, but the channel has to stay open to be forced. */
  private static OutputStream keptOpen(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  /** Without this the rename itself may be lost with the power; only POSIX opens folders. */
  private static void forceFolder(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
