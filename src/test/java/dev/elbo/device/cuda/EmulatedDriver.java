package dev.elbo.device.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The emulated libcuda.so.1 that the build made: loaded before JCuda, it takes the place of the
 * driver, and the kernels run on the CPU. It stays for the life of the JVM.
 *
 * <p>With the system property {@code elbo.cuda} set to {@code card} the tests run on the machine's
 * own driver and card instead, which is what {@code ci/gpu} does. {@code elbo.emulation} names the
 * folder of another build of the emulation, which is how {@code ci/check --asan} has its own.
 */
public final class EmulatedDriver {
  private static final Path FOLDER =
      Path.of(System.getProperty("elbo.emulation", "target/emulation"));

  private static final Path LIBRARY = FOLDER.resolve("libcuda.so.1");

  private EmulatedDriver() {}

  /** Whether tests run on a real card. */
  public static boolean replacedByCard() {
    return System.getProperty("elbo.cuda", "").equals("card");
  }

  /** Loads it, unless a card is to be used; skips the test where the build had no g++. */
  public static void load() {
    if (!replacedByCard()) {
      Assumptions.assumeTrue(Files.exists(LIBRARY), "no g++ at build time: no emulated driver");
      System.load(LIBRARY.toAbsolutePath().toString());
    }
  }

  /** Loads an emulated cuBLAS too; skips the test where a card is to be used without a real one. */
  static void loadCublas() {
    if (replacedByCard()) {
      Assumptions.assumeTrue(CudaDevices.hasLibrary("libcublas.so.12"), "no cuBLAS of CUDA 12");
    } else {
      System.load(FOLDER.resolve("libcublas.so.12").toAbsolutePath().toString());
    }
  }

  /** Loads it for a test of the emulation itself or of failures it injects; skips on a card. */
  static void loadWithoutCard() {
    Assumptions.assumeFalse(replacedByCard(), "this test is about the emulated driver");
    load();
  }
}
