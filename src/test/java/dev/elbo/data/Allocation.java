package dev.elbo.data;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what this thread allocates. */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** The bytes that a task allocates; garbage counts. */
  static long of(Runnable task) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    task.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
