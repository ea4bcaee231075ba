package dev.elbo.cli;

import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice.Weights;
import dev.elbo.device.cuda.Precision;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where to compute. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "auto|cpu|reference|cuda[:n]",
      defaultValue = TrainDefaults.DEVICE,
      description =
          "Where to compute; reference is exact and slow, auto says what it takes. "
              + "Default: ${DEFAULT-VALUE}")
  String device = TrainDefaults.DEVICE;

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16",
      defaultValue = TrainDefaults.PRECISION,
      description = "Of operands; bf16 on cuda only. Default: ${DEFAULT-VALUE}")
  Precision precision = Precision.F32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the cpu; they do not change results. Default: all processors")
  Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--low-memory",
      description =
          "The cpu draws sampled weights again in each pass instead of storing them, which takes "
              + "longer; results are the same.")
  boolean lowMemory;

  /** Refuses numbers that cannot be. */
  void check() {
    threads.ifPresent(n -> Check.atLeast("--threads", 1, n));
  }

  /**
   * The device that is meant.
   *
   * @throws IllegalArgumentException when it is not there
   */
  DeviceChoice choose() {
    check();
    return DeviceChoice.of(device, precision);
  }

  /** Opens a device. */
  Device open(DeviceChoice choice) {
    int all = threads.orElse(Runtime.getRuntime().availableProcessors());
    return choice.open(all, lowMemory ? Weights.IN_TILE : Weights.STORED);
  }
}
