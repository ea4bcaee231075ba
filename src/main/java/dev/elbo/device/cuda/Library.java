package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import java.util.function.Supplier;

/** NVIDIA's libraries under JCuda, which only those need who ask for them. */
final class Library {
  private Library() {}

  /**
   * Opens a library.
   *
   * @throws DeviceException saying what is missing and how to get it
   */
  static <T> T open(Supplier<T> open, String name, String remedy) {
    try {
      return open.get();
    } catch (LinkageError e) {
      String cause = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new DeviceException("%s cannot be loaded; %s (%s)".formatted(name, remedy, cause));
    }
  }

  /** Does nothing when a call succeeded. */
  static void check(int code, String call) {
    if (code != 0) {
      throw new DeviceException("%s failed with status %d".formatted(call, code));
    }
  }
}
