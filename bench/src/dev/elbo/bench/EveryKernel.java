package dev.elbo.bench;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.OpCase;
import dev.elbo.device.OpCases;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.graph.Schedule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs rows of every operation of the table in each precision, then some steps of small networks,
 * and compares nothing: what compute-sanitizer watches.
 */
public final class EveryKernel {
  private static final int STEPS = 3;

  /** Of each operation: watched kernels are slow, and the table has thousands of rows. */
  private static final int ROWS = 12;

  private EveryKernel() {}

  /** Arguments: cases whose steps are run, as {@link StepCase#parse} reads them. */
  public static void main(String[] args) {
    EmulatedDriver.load();
    int rows = 0;
    for (Precision precision : Precision.values()) {
      try (Device cuda = new CudaDevice(0, precision)) {
        for (List<OpCase> all : rowsOfOperations()) {
          int stride = Math.ceilDiv(all.size(), ROWS);
          for (int i = 0; i < all.size(); i += stride) {
            all.get(i).run(cuda);
            rows++;
          }
        }
      }
    }
    for (String arg : args) {
      StepGraph step = StepGraph.of(StepCase.parse(arg));
      try (Device cuda = new CudaDevice(0, step.step().precision())) {
        Map<String, Buffer> state = step.state(cuda);
        try (Program program = step.program(cuda, Schedule.fused(step.graph()), state)) {
          for (int number = 1; number <= STEPS; number++) {
            program.run(number, 0);
          }
          program.output("nll").read(new float[1]);
        }
      }
    }
    System.out.printf("ran %d rows and the steps of %d networks%n", rows, args.length);
  }

  private static Collection<List<OpCase>> rowsOfOperations() {
    return OpCases.all().stream()
        .collect(
            Collectors.groupingBy(row -> row.op().name(), LinkedHashMap::new, Collectors.toList()))
        .values();
  }
}
