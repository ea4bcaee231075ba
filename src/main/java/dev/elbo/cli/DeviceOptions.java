package dev.elbo.cli;

import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where to compute. */
final class DeviceOptions {
  static final String CPU = "cpu";
  static final String REFERENCE = "reference";

  private static final String AUTO = "auto";
  private static final Pattern CUDA = Pattern.compile("cuda(:\\d{1,4})?");

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|reference|cuda[:n]",
      defaultValue = TrainDefaults.DEVICE,
      description =
          "Where to compute; reference is exact and slow, auto says what it takes. "
              + "Default: ${DEFAULT-VALUE}")
  String device = TrainDefaults.DEVICE;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the cpu; they do not change results. Default: all processors")
  Optional<Integer> threads = Optional.empty();

  /** Refuses numbers that cannot be. */
  void check() {
    threads.ifPresent(n -> Check.atLeast("--threads", 1, n));
  }

  /**
   * The name of the device that is meant.
   *
   * @throws IllegalArgumentException when there is none of that name, or it is missing here
   */
  String choose() {
    check();
    if (device.equals(AUTO)) {
      return CPU;
    }
    if (CUDA.matcher(device).matches()) {
      throw new IllegalArgumentException(
          "--device " + device + ": no CUDA device support in this build; use --device cpu");
    }
    if (!device.equals(CPU) && !device.equals(REFERENCE)) {
      throw new IllegalArgumentException(
          "--device must be auto, cpu, reference or cuda[:n], got '" + device + "'");
    }
    return device;
  }

  /** What a user is told about the device that is used. */
  String about(String chosen) {
    return "device: " + chosen + (device.equals(AUTO) ? ", chosen by auto: " + reason() : "");
  }

  /** Why auto takes the cpu. */
  static String reason() {
    return "this build has no CUDA device support";
  }

  /** Opens a device by its name. */
  Device open(String name) {
    int processors = Runtime.getRuntime().availableProcessors();
    return switch (name) {
      case CPU -> new CpuDevice(threads.orElse(processors));
      case REFERENCE -> new ReferenceDevice();
      default -> throw new IllegalArgumentException("there is no device '" + name + "'");
    };
  }
}
