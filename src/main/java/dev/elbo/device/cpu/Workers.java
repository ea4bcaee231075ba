package dev.elbo.device.cpu;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that share out the blocks of one task at a time.
 *
 * <p>What the blocks are depends on the task alone, so that results do not depend on the number of
 * threads or on who runs which block. The caller works too. Blocks are taken from both ends, so
 * that two threads meet their own parts of the data again and again and find them in their caches.
 * Threads spin for a while between tasks, because waking one takes longer than many tasks do, and
 * then park.
 */
final class Workers implements AutoCloseable {
  private static final long SPIN_NANOS = 200_000;
  private static final int SPINS_BETWEEN_CLOCKS = 64;
  private static final int SPINS_BEFORE_YIELD = 2000;
  private static final long FIRST = 1L << 32;

  /** Something that is done block by block, in any order. */
  @FunctionalInterface
  interface Task {
    /** Does one block; the scratch is the thread's own. */
    void run(int block, Scratch scratch);
  }

  private final Helper[] helpers;
  private final Scratch scratch = new Scratch();

  /** The blocks that nobody has claimed: the first in the high half, the end in the low half. */
  private final AtomicLong unclaimed = new AtomicLong();

  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile @Nullable Task task;
  private volatile boolean closed;

  /** Starts threads - 1 daemon threads. */
  Workers(int threads) {
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper("elbo-cpu-" + (i + 1), i % 2 == 0);
      helpers[i].start();
    }
  }

  /** How many threads share the blocks of a task, the caller's among them. */
  int threads() {
    return helpers.length + 1;
  }

  /**
   * Runs blocks 0..blocks-1 of a task and returns when all are done; on the caller alone unless
   * {@code shared}. The first exception of a block is thrown again here, after the other blocks.
   */
  synchronized void run(int blocks, boolean shared, Task work) {
    if (!shared || blocks == 1 || helpers.length == 0) {
      for (int block = 0; block < blocks; block++) {
        work.run(block, scratch);
      }
      return;
    }
    pending.set(blocks);
    task = work;
    unclaimed.set(blocks);
    for (Helper helper : helpers) {
      helper.wake();
    }
    help(false, scratch);
    awaitPending();
    task = null;
    rethrow(failure.getAndSet(null));
  }

  /** Claims and runs blocks, from the last or from the first, until none is left. */
  private void help(boolean fromLast, Scratch own) {
    long seen = unclaimed.get();
    while (!empty(seen)) {
      if (unclaimed.compareAndSet(seen, fromLast ? seen - 1 : seen + FIRST)) {
        // Read after the claim, it is the task of the block: a task ends after all its blocks.
        Task work = Objects.requireNonNull(task);
        runBlock(work, fromLast ? (int) seen - 1 : (int) (seen >>> 32), own);
      }
      seen = unclaimed.get();
    }
  }

  private static boolean empty(long blocks) {
    return (int) (blocks >>> 32) == (int) blocks;
  }

  private void runBlock(Task work, int block, Scratch own) {
    try {
      work.run(block, own);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      pending.decrementAndGet();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // the other threads may need this core to finish
  private void awaitPending() {
    int spins = 0;
    while (pending.get() != 0) {
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Ends the threads. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private final class Helper extends Thread {
    private final Scratch own = new Scratch();
    private final boolean fromLast;
    private volatile boolean parked;

    Helper(String name, boolean fromLast) {
      super(name);
      this.fromLast = fromLast;
      setDaemon(true);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      while (!closed) {
        awaitWork();
        help(fromLast, own);
      }
    }

    private void awaitWork() {
      long deadline = System.nanoTime() + SPIN_NANOS;
      int spins = 0;
      while (idle()) {
        if (++spins % SPINS_BETWEEN_CLOCKS != 0 || System.nanoTime() < deadline) {
          Thread.onSpinWait();
        } else {
          parked = true;
          if (idle()) {
            LockSupport.park(Workers.this);
          }
          parked = false;
          deadline = System.nanoTime() + SPIN_NANOS;
        }
      }
    }

    private boolean idle() {
      return empty(unclaimed.get()) && !closed;
    }
  }
}
