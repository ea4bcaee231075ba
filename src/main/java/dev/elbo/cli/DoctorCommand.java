package dev.elbo.cli;

import dev.elbo.device.cpu.VectorApi;
import dev.elbo.device.cuda.CudaBuild;
import dev.elbo.device.cuda.CudaDevices;
import dev.elbo.device.cuda.CudaDevices.Card;
import dev.elbo.device.cuda.Precision;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code elbo doctor}: tells what this machine offers. */
@Command(
    name = "doctor",
    description =
        "Tells what this machine offers, and which device auto would choose and why; or what a "
            + "card would do in a training step.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100)
final class DoctorCommand implements Callable<Integer> {
  private final Host host;

  @ArgGroup(exclusive = false, heading = "%nPlan%n")
  private @Nullable PlanOptions plan;

  DoctorCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() throws Exception {
    if (plan != null) {
      plan.lines().forEach(host.out()::println);
      return 0;
    }
    line("elbo", new Version().getVersion()[0]);
    line("java", "%s, %s".formatted(Runtime.version(), System.getProperty("java.vendor")));
    line(
        "machine",
        "%s, %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    line("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    line("memory", memory());
    line("vectors", vectors());
    cuda(CudaDevices.probe(), CudaBuild.get());
    DeviceChoice choice = DeviceChoice.auto(Precision.F32);
    line(
        "device",
        "auto chooses %s%s"
            .formatted(choice.name(), choice.reason().map(r -> ": " + r).orElse("")));
    return 0;
  }

  private void cuda(CudaDevices devices, CudaBuild build) {
    List<Card> cards = devices.cards();
    line(
        "cuda",
        devices.problem().orElse("driver for CUDA " + CudaDevices.version(devices.driver())));
    for (int ordinal = 0; ordinal < cards.size(); ordinal++) {
      line("cuda:" + ordinal, cards.get(ordinal).toString());
    }
    line(
        "kernels",
        build.targets().isEmpty()
            ? "none: built without nvcc, or by ./elbo without a card"
            : "for %s, made by CUDA %s"
                .formatted(
                    String.join(", ", build.targets()), CudaDevices.version(build.toolkit())));
    library("cublas", "libcublas.so.12");
    library("curand", "libcurand.so.10");
  }

  /** NVIDIA's libraries are for benchmarks and those who ask for cuBLAS: training needs neither. */
  private void library(String name, String file) {
    line(
        name,
        CudaDevices.hasLibrary(file)
            ? file + " found"
            : "%s not found, training does not need it: pip install nvidia-%s-cu12, LD_LIBRARY_PATH"
                .formatted(file, name));
  }

  private void line(String name, String text) {
    host.out().println("%-11s %s".formatted(name, text));
  }

  private static String memory() {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? "%d MiB, of which the Java heap takes up to %d"
            .formatted(machine.getTotalMemorySize() >> 20, heap)
        : "the Java heap takes up to %d MiB".formatted(heap);
  }

  private static String vectors() {
    return VectorApi.probe()
        .problem()
        .orElseGet(() -> "%d float lanes".formatted(FloatVector.SPECIES_PREFERRED.length()));
  }
}
