package dev.elbo.device.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.elbo.device.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What there is of NVIDIA's driver and cards on this machine. It is asked without JCuda, whose
 * classes fail for good where there is no driver.
 *
 * @param driver the version of CUDA that the driver serves, 1000 times the major plus 10 times the
 *     minor; 0 where there is none
 * @param cards the cards, by their ordinals
 * @param problem why there is none that could be used, in a line
 */
public record CudaDevices(int driver, List<Card> cards, Optional<String> problem) {
  /** The oldest cards that the kernels are made for: Ampere's. */
  private static final int OLDEST_CAPABILITY = 80;

  private static final String DRIVER = "libcuda.so.1";
  private static final int STUB = 34;
  private static final int NO_DEVICE = 100;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int NAME_BYTES = 256;

  public CudaDevices {
    cards = List.copyOf(cards);
  }

  /**
   * A card.
   *
   * @param capability 10 times the major compute capability plus the minor: 90 for Hopper
   * @param bytes its memory
   */
  public record Card(String name, int capability, long bytes) {
    /** Name, compute capability and memory for people. */
    @Override
    public String toString() {
      return "%s, compute capability %d.%d, %d MiB"
          .formatted(name, capability / 10, capability % 10, bytes >> 20);
    }
  }

  /** Looks. */
  public static CudaDevices probe() {
    SymbolLookup library;
    try {
      // For good: a driver that was started cannot be unloaded.
      library = SymbolLookup.libraryLookup(DRIVER, Arena.global());
    } catch (IllegalArgumentException e) {
      return none("no NVIDIA driver: " + DRIVER + " is not on this machine");
    }
    try (Arena arena = Arena.ofConfined()) {
      return ask(library, arena);
    }
  }

  /** Whether a shared library can be loaded, by its name. */
  public static boolean hasLibrary(String name) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(name, arena);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static CudaDevices none(String problem) {
    return new CudaDevices(0, List.of(), Optional.of(problem));
  }

  private static CudaDevices ask(SymbolLookup library, Arena arena) {
    int code = call(library, "cuInit", 0);
    if (code != 0) {
      return none(
          switch (code) {
            case NO_DEVICE -> "no NVIDIA card: the driver finds none (cuInit gives 100)";
            case STUB -> "no NVIDIA driver: " + DRIVER + " is the toolkit's stub";
            default -> "the NVIDIA driver does not start (cuInit gives %d)".formatted(code);
          });
    }
    try {
      return cards(library, arena);
    } catch (DeviceException e) {
      return none(String.valueOf(e.getMessage()));
    }
  }

  private static CudaDevices cards(SymbolLookup library, Arena arena) {
    int version = number(library, arena, "cuDriverGetVersion");
    int count = number(library, arena, "cuDeviceGetCount");
    List<Card> cards = new ArrayList<>();
    for (int ordinal = 0; ordinal < count; ordinal++) {
      cards.add(card(library, arena, ordinal));
    }
    return new CudaDevices(
        version,
        cards,
        cards.isEmpty() ? Optional.of("no NVIDIA card: the driver finds none") : Optional.empty());
  }

  private static Card card(SymbolLookup library, Arena arena, int ordinal) {
    MemorySegment device = arena.allocate(JAVA_INT);
    check(call(library, "cuDeviceGet", device, ordinal), "cuDeviceGet");
    int handle = device.get(JAVA_INT, 0);
    MemorySegment name = arena.allocate(NAME_BYTES);
    check(call(library, "cuDeviceGetName", name, NAME_BYTES, handle), "cuDeviceGetName");
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    check(call(library, "cuDeviceTotalMem_v2", bytes, handle), "cuDeviceTotalMem");
    int major = attribute(library, arena, CAPABILITY_MAJOR, handle);
    int minor = attribute(library, arena, CAPABILITY_MINOR, handle);
    return new Card(name.getString(0), 10 * major + minor, bytes.get(JAVA_LONG, 0));
  }

  private static int attribute(SymbolLookup library, Arena arena, int attribute, int handle) {
    MemorySegment value = arena.allocate(JAVA_INT);
    check(call(library, "cuDeviceGetAttribute", value, attribute, handle), "cuDeviceGetAttribute");
    return value.get(JAVA_INT, 0);
  }

  private static int number(SymbolLookup library, Arena arena, String function) {
    MemorySegment value = arena.allocate(JAVA_INT);
    check(call(library, function, value), function);
    return value.get(JAVA_INT, 0);
  }

  private static void check(int code, String function) {
    if (code != 0) {
      throw new DeviceException(
          "the NVIDIA driver does not answer (%s gives %d)".formatted(function, code));
    }
  }

  private static int call(SymbolLookup library, String function, Object... arguments) {
    MemoryLayout[] types = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      types[i] = arguments[i] instanceof Integer ? JAVA_INT : ADDRESS;
    }
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(library.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, types))
              .invokeWithArguments(arguments);
    } catch (Throwable t) {
      throw new IllegalStateException(DRIVER + ": " + function + " cannot be called", t);
    }
  }

  /** What keeps a card from being used by this build, in a line; empty when nothing does. */
  public Optional<String> missing(int ordinal) {
    return missing(ordinal, CudaBuild.get());
  }

  Optional<String> missing(int ordinal, CudaBuild build) {
    if (problem.isPresent()) {
      return problem;
    }
    if (build.targets().isEmpty()) {
      return Optional.of("this build has no GPU code: run mvn package where nvcc is");
    }
    if (ordinal >= cards.size()) {
      return Optional.of(
          "there is no such card: this machine has %d, counted from 0".formatted(cards.size()));
    }
    Card card = cards.get(ordinal);
    if (card.capability() < OLDEST_CAPABILITY) {
      return Optional.of("%s is too old: the kernels need 8.0".formatted(card));
    }
    if (driver / 1000 < build.toolkit() / 1000) {
      return Optional.of(
          "the driver is too old: it serves CUDA %s, the kernels were made by %s"
              .formatted(version(driver), version(build.toolkit())));
    }
    return Optional.empty();
  }

  /** A version of CUDA as people write it. */
  public static String version(int number) {
    return "%d.%d".formatted(number / 1000, number % 1000 / 10);
  }
}
