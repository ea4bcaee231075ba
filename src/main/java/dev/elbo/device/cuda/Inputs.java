package dev.elbo.device.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.elbo.device.Buffer;
import dev.elbo.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;

/**
 * What is written before a run: the {@code Run} of run.cuh and the inputs of the graph, in one
 * block. The host writes into a pinned copy of it, and a run copies what has changed in one piece.
 *
 * <p>The host never waits for a step here, only for the copy that began it: it prepares a step
 * while the one before is running.
 */
final class Inputs {
  private static final int SEED = 0;
  private static final int STEP = 2;
  private static final int FIRST_SAMPLE = 3;
  private static final int SCALES_FOLLOW = 4;
  private static final long RUN_BYTES = 5L * Integer.BYTES;

  private final Context context;
  private final Address device;
  private final PinnedMemory host;
  private final CUevent copied;
  private boolean copying;
  private long changedEnd = RUN_BYTES;

  /**
   * Takes the block.
   *
   * @param device where the block is on the card, zeroed
   * @param bytes its size
   */
  Inputs(Context context, Scope scope, Address device, long bytes, long seed) {
    this.context = context;
    this.device = device;
    host = new PinnedMemory(scope, bytes, "the inputs");
    copied = context.event(scope);
    host.segment().setAtIndex(JAVA_INT_UNALIGNED, SEED, (int) seed);
    host.segment().setAtIndex(JAVA_INT_UNALIGNED, SEED + 1, (int) (seed >>> 32));
  }

  /** The bytes in front of the first input. */
  static long runBytes() {
    return CudaMemory.aligned(RUN_BYTES);
  }

  /** Where kernels find the numbers of the run. */
  Address run() {
    return device;
  }

  /** The input at an offset, as those see it who write it. */
  Buffer buffer(Shape shape, long offset) {
    return new Input(shape, offset);
  }

  /**
   * Sets the numbers of a run and enqueues the copy of all that changed since the last.
   *
   * @param scalesFollow whether all {@link FollowingScales} do
   */
  void send(int step, int firstSample, boolean scalesFollow) {
    MemorySegment segment = writable();
    segment.setAtIndex(JAVA_INT_UNALIGNED, STEP, step);
    segment.setAtIndex(JAVA_INT_UNALIGNED, FIRST_SAMPLE, firstSample);
    segment.setAtIndex(JAVA_INT_UNALIGNED, SCALES_FOLLOW, scalesFollow ? 1 : 0);
    Driver.check(
        JCudaDriver.cuMemcpyHtoDAsync(device, host.at(0), changedEnd, context.stream()),
        "copying the inputs");
    Driver.check(JCudaDriver.cuEventRecord(copied, context.stream()), "copying the inputs");
    copying = true;
    changedEnd = RUN_BYTES;
  }

  /** The host's copy of the block, once the card has read what was sent of it last. */
  private MemorySegment writable() {
    MemorySegment segment = host.segment();
    if (copying) {
      context.enter();
      Driver.check(JCudaDriver.cuEventSynchronize(copied), "copying the inputs");
      copying = false;
    }
    return segment;
  }

  /** An input; reading it back needs no card. */
  private final class Input implements Buffer {
    private final Shape shape;
    private final long offset;

    Input(Shape shape, long offset) {
      this.shape = shape;
      this.offset = offset;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public void write(float[] values) {
      CudaBuffer.checkLength(shape, values);
      write(0, values);
    }

    @Override
    public void write(int first, float[] values) {
      Objects.checkFromIndexSize(first, values.length, shape.elements());
      long to = offset + (long) Float.BYTES * first;
      MemorySegment.copy(values, 0, writable(), JAVA_FLOAT_UNALIGNED, to, values.length);
      changedEnd = Math.max(changedEnd, to + (long) Float.BYTES * values.length);
    }

    @Override
    public void read(float[] values) {
      CudaBuffer.checkLength(shape, values);
      MemorySegment.copy(host.segment(), JAVA_FLOAT_UNALIGNED, offset, values, 0, values.length);
    }
  }
}
