package dev.elbo.bench;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cuda.CardRates;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.graph.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The training step on a card, replayed, beside its floor.
 *
 * <p>The program is the one that {@code Trainer} runs. Before it is timed its losses and
 * divergences are compared with those of the CPU device, which the tests hold to the reference; the
 * reference itself would take minutes for these sizes.
 */
public final class GpuStep {
  private static final int VERIFIED_STEPS = 2;
  private static final int GROUPS = 200;
  private static final double SECONDS = 2;

  /** Relative difference that sums over some thousand terms and two steps explain. */
  private static final double ROUNDING_F32 = 1e-3;

  /** bf16 rounds operands to 8 bits; their errors average out in the loss. */
  private static final double ROUNDING_BF16 = 1e-2;

  /**
   * mu moves by at most the learning rate a step, and only where the gradient's sign is rounding.
   */
  private static final double KL_TOLERANCE = 1e-3;

  private GpuStep() {}

  /** Arguments: cases as {@link StepCase#parse} reads them. */
  public static void main(String[] args) throws IOException {
    EmulatedDriver.load();
    Path results = Path.of(System.getProperty("bench.results"));
    CardRates rates = Calibration.in(results);
    StepResults file = new StepResults(results.resolve("GpuStep.csv"));
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    boolean failed = false;
    for (String arg : args) {
      StepCase step = StepCase.parse(arg);
      Floor floor = Floor.of(step, rates);
      try {
        StepTimes times = measure(StepGraph.of(step));
        file.append("Elbo", step, times, floor, provenance);
        System.out.println(line(step, times, floor));
      } catch (RuntimeException e) {
        // The other cases are worth measuring all the same.
        System.out.printf("%s: %s%n", step, e.getMessage());
        failed = true;
      }
    }
    if (failed) {
      System.exit(1);
    }
  }

  private static String line(StepCase step, StepTimes times, Floor floor) {
    return String.format(
        Locale.ROOT,
        "%-40s %10.1f us, floor %8.1f us (%s), fraction %.2f",
        step,
        1e6 * times.median(),
        1e6 * floor.seconds(),
        floor.bound(),
        floor.seconds() / times.median());
  }

  private static StepTimes measure(StepGraph step) {
    try (Device cuda = new CudaDevice(0, step.step().precision())) {
      Map<String, Buffer> state = step.state(cuda);
      try (Program program = step.program(cuda, Schedule.fused(step.graph()), state)) {
        verify(step, program);
        return time(program);
      }
    }
  }

  /** Times a program whose first steps have been run. */
  static StepTimes time(Program program) {
    float[] nll = new float[1];
    StepTimes times =
        StepTimes.of(
            VERIFIED_STEPS + 1,
            GROUPS,
            SECONDS,
            number -> program.run(number, 0),
            () -> program.output("nll").read(nll));
    if (!Float.isFinite(nll[0])) {
      throw new IllegalStateException("the loss became " + nll[0] + " while it was timed");
    }
    return times;
  }

  /** Runs a program's first steps and compares what they give with the CPU. */
  static void verify(StepGraph step, Program program) {
    double tolerance = step.step().precision() == Precision.BF16 ? ROUNDING_BF16 : ROUNDING_F32;
    try (Device cpu = new CpuDevice(Runtime.getRuntime().availableProcessors());
        Program expected = step.program(cpu, Schedule.fused(step.graph()), step.state(cpu))) {
      for (int number = 1; number <= VERIFIED_STEPS; number++) {
        program.run(number, 0);
        expected.run(number, 0);
        close(step, number, "nll", program, expected, tolerance);
        close(step, number, "kl", program, expected, KL_TOLERANCE);
      }
    }
  }

  private static void close(
      StepGraph step, int number, String output, Program program, Program expected, double most) {
    List<Float> values = new ArrayList<>();
    for (Program one : List.of(program, expected)) {
      float[] value = new float[1];
      one.output(output).read(value);
      values.add(value[0]);
    }
    double difference = Math.abs(values.getFirst() - values.getLast());
    if (!(difference <= most * Math.abs(values.getLast()))) {
      throw new IllegalStateException(
          "%s, step %d: %s is %s on the card, %s on the CPU"
              .formatted(step.step(), number, output, values.getFirst(), values.getLast()));
    }
  }
}
