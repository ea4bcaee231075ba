package dev.elbo.cli;

import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cpu.VectorApi;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.CudaDevices;
import dev.elbo.device.cuda.Precision;
import dev.elbo.device.reference.ReferenceDevice;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device that is there.
 *
 * @param name its name: cpu, reference, cuda:n
 * @param precision the operands of its matrix products
 * @param reason why it is the one, where auto has chosen
 */
record DeviceChoice(String name, Precision precision, Optional<String> reason) {
  static final String AUTO = "auto";
  static final String CPU = "cpu";
  static final String REFERENCE = "reference";

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,4}))?");

  /**
   * The device that a user means.
   *
   * @throws IllegalArgumentException when there is none of that name, it is missing here, or it
   *     does not have the precision
   */
  static DeviceChoice of(String option, Precision precision) {
    DeviceChoice choice = option.equals(AUTO) ? auto(precision) : named(option, precision);
    if (precision != Precision.F32 && !choice.isCuda()) {
      throw new IllegalArgumentException(
          "--precision %s is for cuda devices only, the device is %s"
              .formatted(Choices.name(precision), choice));
    }
    return choice;
  }

  /**
   * The device on which a run was started.
   *
   * @throws IllegalArgumentException when it is missing here
   */
  static DeviceChoice again(String name, Precision precision) {
    requireCuda(name, "the run was started on " + name);
    return new DeviceChoice(name, precision, Optional.empty());
  }

  /** The first card when it can be used, else the cpu, else the scalar code of reference. */
  static DeviceChoice auto(Precision precision) {
    return auto(precision, CudaDevices.probe(), VectorApi.probe());
  }

  static DeviceChoice auto(Precision precision, CudaDevices cuda, VectorApi vectors) {
    Optional<String> noCuda = cuda.missing(0);
    if (noCuda.isEmpty()) {
      String card = cuda.cards().getFirst().toString();
      return new DeviceChoice("cuda:0", precision, Optional.of(card));
    }
    return vectors
        .problem()
        .map(slow -> new DeviceChoice(REFERENCE, precision, noCuda.map(no -> no + "; " + slow)))
        .orElseGet(() -> new DeviceChoice(CPU, precision, noCuda));
  }

  private static DeviceChoice named(String option, Precision precision) {
    if (option.equals(CPU) || option.equals(REFERENCE)) {
      return new DeviceChoice(option, precision, Optional.empty());
    }
    int ordinal = requireCuda(option, "--device " + option);
    return new DeviceChoice("cuda:" + ordinal, precision, Optional.empty());
  }

  /** The ordinal of a card that can be used; 0 for the devices that are always there. */
  private static int requireCuda(String name, String who) {
    if (name.equals(CPU) || name.equals(REFERENCE)) {
      return 0;
    }
    Matcher cuda = CUDA.matcher(name);
    if (!cuda.matches()) {
      throw new IllegalArgumentException(
          "--device must be auto, cpu, reference or cuda[:n], got '" + name + "'");
    }
    int ordinal = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
    CudaDevices.probe()
        .missing(ordinal)
        .ifPresent(
            missing -> {
              throw new IllegalArgumentException(who + ": " + missing);
            });
    return ordinal;
  }

  private boolean isCuda() {
    return CUDA.matcher(name).matches();
  }

  /** What a user is told about the device that is used. */
  String about() {
    return "device: " + this + (precision == Precision.F32 ? "" : ", " + Choices.name(precision));
  }

  @Override
  public String toString() {
    return name + reason.map(why -> ", chosen by auto: " + why).orElse("");
  }

  /** Opens it; threads and where weights are made are the cpu's. */
  Device open(int threads, CpuDevice.Weights weights) {
    return switch (name) {
      case CPU -> new CpuDevice(threads, weights);
      case REFERENCE -> new ReferenceDevice();
      default -> new CudaDevice(requireCuda(name, name), precision);
    };
  }
}
