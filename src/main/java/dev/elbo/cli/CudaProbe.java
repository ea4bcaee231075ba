package dev.elbo.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/** Asks the CUDA driver what is there, without the classes that fail for good where it is not. */
final class CudaProbe {
  private static final String DRIVER = "libcuda.so.1";
  private static final int NO_DEVICE = 100;
  private static final int STUB = 34;

  private CudaProbe() {}

  /** The driver and the number of its devices, or what is missing. */
  static String describe() {
    try (Arena arena = Arena.ofConfined()) {
      Optional<SymbolLookup> driver = load(arena);
      return driver.isEmpty()
          ? "no driver: " + DRIVER + " is not on this machine"
          : describe(driver.get(), arena);
    }
  }

  private static Optional<SymbolLookup> load(Arena arena) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(DRIVER, arena));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String describe(SymbolLookup driver, Arena arena) {
    int code = call(driver, "cuInit", 0);
    if (code != 0) {
      String reason =
          switch (code) {
            case NO_DEVICE -> "no device";
            case STUB -> "the library is a stub, not the driver";
            default -> "it does not start";
          };
      return "%s: %s (cuInit gives %d)".formatted(DRIVER, reason, code);
    }
    MemorySegment number = arena.allocate(JAVA_INT);
    int version = call(driver, "cuDriverGetVersion", number) == 0 ? number.get(JAVA_INT, 0) : 0;
    int devices = call(driver, "cuDeviceGetCount", number) == 0 ? number.get(JAVA_INT, 0) : 0;
    return "driver for CUDA %d.%d, %d device%s"
        .formatted(version / 1000, version % 1000 / 10, devices, devices == 1 ? "" : "s");
  }

  private static int call(SymbolLookup driver, String function, Object argument) {
    FunctionDescriptor type =
        FunctionDescriptor.of(JAVA_INT, argument instanceof Integer ? JAVA_INT : ADDRESS);
    try {
      return (int)
          Linker.nativeLinker().downcallHandle(driver.findOrThrow(function), type).invoke(argument);
    } catch (Throwable t) {
      throw new IllegalStateException(DRIVER + ": " + function + " cannot be called", t);
    }
  }
}
