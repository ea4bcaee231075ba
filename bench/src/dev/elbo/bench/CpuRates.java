package dev.elbo.bench;

import dev.elbo.device.cpu.VectorNoise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the processors can do at most, all at once, a second.
 *
 * @param flops operations of fused multiply-adds on registers
 * @param bytes of memory that is read twice for each time it is written
 * @param normals that are drawn into a buffer of the second-level cache
 */
record CpuRates(double flops, double bytes, double normals) {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final int MULTIPLY_ADDS = 200_000;
  private static final int CHAINS = 12;

  /** Floats of each of two arrays: no cache holds them. */
  private static final int LARGE = 1 << 24;

  private static final int ROWS = 32;
  private static final int COLUMNS = 1024;

  /** Measures for a third of the time each. */
  static CpuRates measure(int threads, double seconds)
      throws InterruptedException, ExecutionException {
    return new CpuRates(
        sum(threads, seconds / 3, thread -> multiplyAdds()),
        sum(threads, seconds / 3, memory(threads)),
        sum(threads, seconds / 3, normals(threads)));
  }

  /** The sum of the threads' rates: of the work that the function says it did. */
  private static double sum(int threads, double seconds, IntToDoubleFunction work)
      throws InterruptedException, ExecutionException {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Double>> rates = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int own = thread;
        rates.add(pool.submit(() -> rate(seconds, () -> work.applyAsDouble(own))));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    }
  }

  @FunctionalInterface
  private interface Work {
    double run();
  }

  /** The median rate of the later half, when all is compiled. */
  private static double rate(double seconds, Work work) {
    List<Double> rates = new ArrayList<>();
    long start = System.nanoTime();
    for (double elapsed = 0; elapsed < seconds || rates.isEmpty(); ) {
      long before = System.nanoTime();
      double done = work.run();
      long now = System.nanoTime();
      elapsed = (now - start) * 1e-9;
      if (elapsed > seconds / 2) {
        rates.add(done / ((now - before) * 1e-9));
      }
    }
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  private static double multiplyAdds() {
    FloatVector x = FloatVector.broadcast(FLOATS, 0.999f);
    FloatVector y = FloatVector.broadcast(FLOATS, 0.001f);
    FloatVector a = x;
    FloatVector b = x;
    FloatVector c = x;
    FloatVector d = x;
    FloatVector e = x;
    FloatVector f = x;
    FloatVector g = x;
    FloatVector h = x;
    FloatVector i = x;
    FloatVector j = x;
    FloatVector k = x;
    FloatVector l = x;
    for (int n = 0; n < MULTIPLY_ADDS; n++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    FloatVector all =
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
    if (!(all.lane(0) > 0)) {
      throw new IllegalStateException("multiply-adds gave " + all);
    }
    return 2.0 * MULTIPLY_ADDS * CHAINS * LANES;
  }

  private static IntToDoubleFunction memory(int threads) {
    float[][] to = new float[threads][LARGE];
    float[][] from = new float[threads][LARGE];
    return thread -> {
      for (int i = 0; i < LARGE; i += LANES) {
        FloatVector b = FloatVector.fromArray(FLOATS, from[thread], i);
        FloatVector.fromArray(FLOATS, to[thread], i).add(b).intoArray(to[thread], i);
      }
      return 3.0 * Float.BYTES * LARGE;
    };
  }

  private static IntToDoubleFunction normals(int threads) {
    float[][] out = new float[threads][ROWS * COLUMNS];
    int[] steps = new int[threads];
    return thread -> {
      int step = ++steps[thread];
      VectorNoise.matrix(1, 0, 0, step, 0, ROWS, 0, COLUMNS, out[thread], 0, COLUMNS);
      return (double) ROWS * COLUMNS;
    };
  }
}
