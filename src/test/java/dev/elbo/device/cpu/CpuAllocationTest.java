package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training step allocates nothing, on the caller's thread and on the others. */
class CpuAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int RUNS = 100;

  /** Vectors are objects until C2 has compiled the loops that they are in. */
  private static final long WARM_UP_NANOS = 120_000_000_000L;

  /** Large enough that the products are shared out. */
  @ParameterizedTest
  @EnumSource
  void stepsAllocateNothing(TrainingStep.Estimator estimator) {
    TrainingStep model = new TrainingStep(estimator, 24, 40, 72, 2);
    Graph graph = Schedule.fused(model.graph);
    try (CpuDevice cpu = new CpuDevice(2)) {
      Program program = model.program(graph, cpu, TrainingStep.state(graph, cpu));
      long end = System.nanoTime() + WARM_UP_NANOS;
      long allocated;
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
      assertThat(allocated).as("bytes in %d steps after %d", RUNS, step).isZero();
    }
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
