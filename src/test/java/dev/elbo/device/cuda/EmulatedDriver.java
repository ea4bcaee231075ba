package dev.elbo.device.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The emulated libcuda.so.1 that the build made: loaded before JCuda, it takes the place of the
 * driver, and the kernels run on the CPU. It stays for the life of the JVM.
 */
final class EmulatedDriver {
  private static final Path LIBRARY = Path.of("target", "emulation", "libcuda.so.1");

  private EmulatedDriver() {}

  /** Loads it; skips the test where the build had no g++. */
  static void load() {
    Assumptions.assumeTrue(Files.exists(LIBRARY), "no g++ at build time: no emulated driver");
    System.load(LIBRARY.toAbsolutePath().toString());
  }
}
