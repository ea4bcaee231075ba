package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every block is run once, by whoever is free; failures reach the caller; threads end. */
class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void runsEveryBlockOnce(int threads) {
    try (Workers workers = new Workers(threads)) {
      // Many short tasks of changing size: a late thread must not take a block of the next one.
      for (int task = 0; task < 2000; task++) {
        int blocks = 1 + task % 17;
        AtomicIntegerArray runs = new AtomicIntegerArray(blocks);
        workers.run(blocks, true, (block, scratch) -> runs.incrementAndGet(block));
        for (int block = 0; block < blocks; block++) {
          assertThat(runs.get(block)).as("task %d block %d", task, block).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void sharesBlocksOut() {
    try (Workers workers = new Workers(2)) {
      Set<Scratch> seen = ConcurrentHashMap.newKeySet();
      CountDownLatch both = new CountDownLatch(2);
      // Each block waits for the other, so that one thread cannot do both.
      workers.run(2, true, (block, scratch) -> meet(scratch, seen, both));
      assertThat(seen).hasSize(2);
    }
  }

  private static void meet(Scratch scratch, Set<Scratch> seen, CountDownLatch both) {
    seen.add(scratch);
    both.countDown();
    try {
      assertThat(both.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void smallTasksStayOnTheCaller() {
    try (Workers workers = new Workers(4)) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      workers.run(100, false, (block, scratch) -> threads.add(Thread.currentThread()));
      assertThat(threads).containsExactly(Thread.currentThread());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void failuresReachTheCaller(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int bad = 0; bad < 10; bad++) {
        int failing = bad;
        assertThatThrownBy(() -> workers.run(10, true, (block, scratch) -> fail(block, failing)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("block " + bad);
      }
      // The next task is not affected.
      AtomicIntegerArray runs = new AtomicIntegerArray(10);
      workers.run(10, true, (block, scratch) -> runs.incrementAndGet(block));
      assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
    }
  }

  private static void fail(int block, int failing) {
    if (block == failing) {
      throw new IllegalStateException("block " + block);
    }
  }

  @Test
  void closeEndsTheThreads() throws InterruptedException {
    Workers workers = new Workers(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    workers.run(
        3,
        true,
        (block, scratch) -> {
          threads.add(Thread.currentThread());
          meet(scratch, ConcurrentHashMap.newKeySet(), all);
        });
    threads.remove(Thread.currentThread());
    assertThat(threads).hasSize(2).allMatch(Thread::isDaemon);
    Thread.sleep(20); // long enough for both to have parked
    workers.close();
    for (Thread thread : threads) {
      thread.join(60_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }
}
