package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A training step allocates nothing, on the caller's thread and on the others.
 *
 * <p>It is measured in a JVM of its own: the probes of a coverage agent make methods too large for
 * C2 to inline, and vectors that cross calls are then objects. For the same reason it has the
 * launcher's options, one of which has C2 inline the exponential at call sites it takes for cold.
 */
class CpuAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int RUNS = 100;

  /** Vectors are objects until C2 has compiled the loops that they are in. */
  private static final long WARM_UP_NANOS = 60_000_000_000L;

  @ParameterizedTest
  @EnumSource
  void stepsAllocateNothing(TrainingStep.Estimator estimator)
      throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "@ci/java.options",
                "-cp",
                System.getProperty("java.class.path"),
                CpuAllocationTest.class.getName(),
                estimator.name())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output =
        new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(java.waitFor()).isZero();
    assertThat(output).as("bytes that %d steps allocate", RUNS).isEqualTo("0");
  }

  /** Prints the bytes that some steps allocate, once it is none or the warm-up is over. */
  public static void main(String[] args) {
    // Large enough that the products are shared out.
    TrainingStep model = new TrainingStep(TrainingStep.Estimator.valueOf(args[0]), 24, 40, 72, 2);
    Graph graph = Schedule.fused(model.graph);
    long allocated;
    try (CpuDevice cpu = new CpuDevice(2)) {
      Program program = model.program(graph, cpu, TrainingStep.state(graph, cpu));
      long end = System.nanoTime() + WARM_UP_NANOS;
      int step = 1;
      do {
        long others = byWorkers();
        long own = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RUNS; i++) {
          program.run(step++, 0);
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - own;
        allocated += byWorkers() - others;
      } while (allocated != 0 && System.nanoTime() < end);
    }
    System.out.println(allocated);
  }

  /** Bytes that the threads of all devices have allocated. */
  private static long byWorkers() {
    long bytes = 0;
    for (long id : THREADS.getAllThreadIds()) {
      ThreadInfo info = THREADS.getThreadInfo(id);
      if (info != null && info.getThreadName().startsWith("elbo-cpu-")) {
        bytes += THREADS.getThreadAllocatedBytes(id);
      }
    }
    return bytes;
  }
}
