package dev.elbo.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;

/**
 * Times of a step that is replayed again and again.
 *
 * @param median seconds
 * @param low the 10th percentile
 * @param high the 90th percentile
 */
record StepTimes(double median, double low, double high) {
  /** The names of the columns that {@link #cells} fills. */
  static final List<String> HEADER = List.of("median_us", "p10_us", "p90_us");

  private static final int WARMUP = 20;

  /** Replays between two readings of the clock take about so long: waiting costs 10 us or so. */
  private static final double GROUP_SECONDS = 2e-3;

  /**
   * Measures groups of replays, each group between two waits for the device.
   *
   * @param groups how many groups, at most as many as fit into the time
   * @param seconds the most time to spend, unless nothing would be measured
   * @param step enqueues the step of a number, counted from the first
   * @param await waits for all steps enqueued
   */
  static StepTimes of(int first, int groups, double seconds, IntConsumer step, Runnable await) {
    int next = first;
    long start = System.nanoTime();
    for (int i = 0; i < WARMUP; i++) {
      step.accept(next++);
      await.run();
    }
    double one = (System.nanoTime() - start) * 1e-9 / WARMUP;
    int size = Math.clamp(Math.round(GROUP_SECONDS / one), 1, 1000);
    double[] times = new double[groups];
    int count = 0;
    start = System.nanoTime();
    while (count < groups && (count < 3 || (System.nanoTime() - start) * 1e-9 < seconds)) {
      long before = System.nanoTime();
      for (int i = 0; i < size; i++) {
        step.accept(next++);
      }
      await.run();
      times[count++] = (System.nanoTime() - before) * 1e-9 / size;
    }
    Arrays.sort(times, 0, count);
    return new StepTimes(times[count / 2], times[count / 10], times[count * 9 / 10]);
  }

  List<String> cells() {
    return DoubleStream.of(median, low, high)
        .mapToObj(t -> String.format(Locale.ROOT, "%.2f", 1e6 * t))
        .toList();
  }
}
