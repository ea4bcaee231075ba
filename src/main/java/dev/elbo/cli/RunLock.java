package dev.elbo.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Keeps two processes from training in one folder at once. The operating system frees the lock of a
 * process that was killed; the file that stays behind locks nobody out.
 */
final class RunLock implements AutoCloseable {
  private static final String NAME = ".lock";

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder.
   *
   * @throws IllegalArgumentException when another process has it, naming the process
   * @throws FailedException when the folder cannot be written
   */
  static RunLock of(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      while (true) {
        Object before = key(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        if (!locked(channel)) {
          channel.close();
          throw new IllegalArgumentException(
              "%s: process %s is training there".formatted(folder, owner(file)));
        }
        // Otherwise its last owner removed the file between our opening and our locking it.
        if (key(file).equals(before)) {
          String self = String.valueOf(ProcessHandle.current().pid());
          channel.truncate(0).write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)));
          return new RunLock(file, channel);
        }
        channel.close();
      }
    } catch (IOException e) {
      throw new FailedException(folder + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Which file it is, made when there is none. The owner does not open it: closing would unlock.
   */
  private static Object key(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.write(file, new byte[0], StandardOpenOption.CREATE);
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.fileKey() == null ? attributes.creationTime() : attributes.fileKey();
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String owner(Path file) throws IOException {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return "that ends just now";
    }
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new FailedException(file + ": cannot be removed: " + e.getMessage(), e);
    }
  }
}
