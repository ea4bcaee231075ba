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
import java.util.Map;

/**
 * Runs every small row of the table of operations once in each precision, then some steps of small
 * networks, and compares nothing: what compute-sanitizer watches.
 */
public final class EveryKernel {
  private static final int STEPS = 3;

  /** Elements of an operand: some tiles in each direction, no more. */
  private static final int SMALL = 20_000;

  private EveryKernel() {}

  /** Arguments: cases whose steps are run, as {@link StepCase#parse} reads them. */
  public static void main(String[] args) {
    EmulatedDriver.load();
    int rows = 0;
    for (Precision precision : Precision.values()) {
      try (Device cuda = new CudaDevice(0, precision)) {
        for (OpCase row : OpCases.all()) {
          if (row.operands().stream().allMatch(o -> o.shape().elements() <= SMALL)) {
            row.run(cuda);
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
}
