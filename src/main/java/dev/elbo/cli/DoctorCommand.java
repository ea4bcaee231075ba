package dev.elbo.cli;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import jdk.incubator.vector.FloatVector;
import picocli.CommandLine.Command;

/** {@code elbo doctor}: tells what this machine offers. */
@Command(
    name = "doctor",
    description = "Tells what this machine offers, and which device auto would choose and why.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100)
final class DoctorCommand implements Callable<Integer> {
  private final Host host;

  DoctorCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() throws Exception {
    line("elbo", new Version().getVersion()[0]);
    line("java", "%s, %s".formatted(Runtime.version(), System.getProperty("java.vendor")));
    line(
        "machine",
        "%s, %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    line("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    line("memory", memory());
    line("vectors", vectors());
    line("cuda", CudaProbe.describe());
    line("device", "auto chooses " + DeviceOptions.CPU + ": " + DeviceOptions.reason());
    return 0;
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
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? "%d float lanes".formatted(FloatVector.SPECIES_PREFERRED.length())
        : "none: start Java with --add-modules jdk.incubator.vector";
  }
}
