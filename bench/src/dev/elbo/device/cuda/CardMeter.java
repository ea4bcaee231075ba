package dev.elbo.device.cuda;

import java.util.Arrays;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** What the first card can do at most, measured by its own clock. */
public final class CardMeter implements AutoCloseable {
  private static final int WARMUP = 3;
  private static final int REPEATS = 20;
  private static final int THREADS = 256;

  private final Context context = new Context(0);
  private final Kernels kernels = new Kernels(context.scope());

  /** Opens the card. */
  public CardMeter() {}

  /**
   * Bytes read plus bytes written in a second by copying within the card's memory.
   *
   * @param bytes to copy, many times what fits the card's caches
   */
  public double copyRate(long bytes) {
    Address from = allocate(bytes);
    Address to = allocate(bytes);
    double seconds =
        seconds(
            (stream, waiting) ->
                Driver.check(
                    JCudaDriver.cuMemcpyDtoDAsync(to, from, bytes, stream), "copying in memory"));
    return 2.0 * bytes / seconds;
  }

  /**
   * Standard normals drawn in a second, none of them stored.
   *
   * @param exact whether in the form that the product draws; else in the fastest there is
   * @param quads how many times each thread draws four
   * @param blocks of 256 threads
   */
  public double normalsRate(boolean exact, int quads, int blocks) {
    Address run = allocate(4L * Integer.BYTES);
    Address sums = allocate((long) Float.BYTES * blocks * THREADS);
    Launch launch =
        new KernelLaunch(
            "calibration",
            kernels.get(exact ? "normals_exact" : "normals_fast"),
            new Grid(blocks, 1, 1, THREADS),
            List.of(run, quads, sums));
    return 4.0 * quads * blocks * THREADS / seconds(launch);
  }

  private Address allocate(long bytes) {
    return CudaMemory.allocate(context.scope(), bytes, "calibration", "a smaller copy").address();
  }

  /** The median of some runs, after others. */
  private double seconds(Launch launch) {
    CUevent before = event();
    CUevent after = event();
    double[] seconds = new double[REPEATS];
    for (int i = -WARMUP; i < REPEATS; i++) {
      Driver.check(JCudaDriver.cuEventRecord(before, context.stream()), "taking the time");
      launch.enqueue(context.stream(), false);
      Driver.check(JCudaDriver.cuEventRecord(after, context.stream()), "taking the time");
      context.await();
      float[] milliseconds = new float[1];
      Driver.check(JCudaDriver.cuEventElapsedTime(milliseconds, before, after), "taking the time");
      if (i >= 0) {
        seconds[i] = 1e-3 * milliseconds[0];
      }
    }
    Arrays.sort(seconds);
    return seconds[REPEATS / 2];
  }

  private CUevent event() {
    CUevent event = new CUevent();
    Driver.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "creating an event");
    context.scope().own(Ledger.Kind.EVENT, "an event", () -> JCudaDriver.cuEventDestroy(event));
    return event;
  }

  @Override
  public void close() {
    context.close();
  }
}
