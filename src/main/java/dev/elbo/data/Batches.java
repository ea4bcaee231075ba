package dev.elbo.data;

import dev.elbo.random.Noise;
import dev.elbo.random.Permutation;

/**
 * The order in which examples are visited: a pure function of (seed, step).
 *
 * <p>Examples are visited epoch after epoch, each epoch in a permutation of its own. Example j of
 * step t stands at position {@code p = (t - 1) B + j}, which is place {@code p mod N} of epoch
 * {@code p / N}. So every epoch sees every example once, all batches are full, and a batch may run
 * from one epoch into the next. The step is all that a resumed run has to know.
 *
 * <p>Two permutations are kept; an object serves one thread.
 */
public final class Batches {
  private static final int KEPT = 2;

  private final long seed;
  private final int size;
  private final int batch;
  private final int[][] permutations;
  private final long[] epochs = {-1, -1};

  /**
   * An order of {@code size} examples in batches of {@code batch}, which may be larger.
   *
   * @throws IllegalArgumentException if there are no examples or the batch is empty
   */
  public Batches(long seed, int size, int batch) {
    if (size < 1) {
      throw new IllegalArgumentException("no examples to make batches of");
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch size " + batch + " is not positive");
    }
    this.seed = seed;
    this.size = size;
    this.batch = batch;
    this.permutations = new int[KEPT][size];
  }

  /** The number of examples. */
  public int size() {
    return size;
  }

  /** The number of examples in a batch. */
  public int batch() {
    return batch;
  }

  /**
   * The rows of a step's batch; nothing is allocated.
   *
   * @param step from 1
   * @param target takes the rows, as many as a batch has
   * @throws IllegalArgumentException if the step is below 1 or the target has another size
   */
  public void rows(long step, int[] target) {
    if (target.length != batch) {
      throw new IllegalArgumentException(
          "room for " + target.length + " rows, a batch has " + batch);
    }
    long position = seen(step - 1);
    long epoch = position / size;
    int place = (int) (position % size);
    for (int filled = 0; filled < batch; epoch++, place = 0) {
      int count = Math.min(batch - filled, size - place);
      System.arraycopy(permutation(epoch), place, target, filled, count);
      filled += count;
    }
  }

  /** The least number of steps that visit every example {@code epochs} times: ceil(epochs N/B). */
  public long stepsPerEpochs(int epochs) {
    return Math.ceilDiv((long) epochs * size, (long) batch);
  }

  /**
   * Whether an epoch is complete after this step and was not before it.
   *
   * @param step from 1
   */
  public boolean endsEpoch(long step) {
    long before = seen(step - 1);
    return seen(step) / size > before / size;
  }

  /** The number of examples visited after that many steps. */
  private long seen(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("step " + (steps + 1) + " is not positive");
    }
    return Math.multiplyExact(steps, (long) batch);
  }

  private int[] permutation(long epoch) {
    int slot = (int) (epoch % KEPT);
    if (epochs[slot] != epoch) {
      epochs[slot] = -1;
      Permutation.fill(seed, Noise.DATA_ORDER_SITE, Math.toIntExact(epoch), permutations[slot]);
      epochs[slot] = epoch;
    }
    return permutations[slot];
  }
}
