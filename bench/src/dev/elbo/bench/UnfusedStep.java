package dev.elbo.bench;

import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CardRates;
import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.UnfusedDevice;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * The training step without fusion: noise by cuRAND in memory, weights in memory, products by
 * cuBLAS, divergence, its gradient and Adam in kernels of their own. Launched one by one, and as a
 * CUDA graph.
 *
 * <p>Before it is timed it runs with the product's noise in place of cuRAND's and has to give the
 * CPU's losses.
 */
public final class UnfusedStep {
  private UnfusedStep() {}

  /** Arguments: cases as {@link StepCase#parse} reads them. */
  public static void main(String[] args) throws IOException {
    EmulatedDriver.load();
    Path results = Path.of(System.getProperty("bench.results"));
    CardRates rates = Calibration.in(results);
    StepResults file = new StepResults(results.resolve("UnfusedStep.csv"));
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    boolean failed = false;
    for (String arg : args) {
      StepCase step = StepCase.parse(arg);
      try {
        StepGraph graph = StepGraph.of(step);
        verify(graph);
        for (Replay replay : new Replay[] {Replay.LAUNCHES, Replay.GRAPH}) {
          String name = replay == Replay.GRAPH ? "cuRAND, cuBLAS, graph" : "cuRAND, cuBLAS";
          StepTimes times = time(graph, replay);
          file.append(name, step, times, Floor.of(step, rates), provenance);
          System.out.printf(Locale.ROOT, "%-40s %10.1f us, %s%n", step, 1e6 * times.median(), name);
        }
      } catch (RuntimeException e) {
        System.out.printf("%s: %s%n", step, e.getMessage());
        failed = true;
      }
    }
    if (failed) {
      System.exit(1);
    }
  }

  private static void verify(StepGraph step) {
    try (Device device = new UnfusedDevice(step.step().precision(), Replay.LAUNCHES, false);
        Program program = program(step, device)) {
      GpuStep.verify(step, program);
    }
  }

  private static StepTimes time(StepGraph step, Replay replay) {
    try (Device device = new UnfusedDevice(step.step().precision(), replay, true);
        Program program = program(step, device)) {
      return GpuStep.time(program);
    }
  }

  private static Program program(StepGraph step, Device device) {
    Graph composed = Schedule.composed(step.graph());
    return step.program(device, composed, step.state(device));
  }
}
