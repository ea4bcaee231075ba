package dev.elbo.bench;

import dev.elbo.device.cpu.VectorNoise;
import dev.elbo.random.Noise;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Standard normals of one thread into a buffer that fits the second-level cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class NormalsBenchmark {
  private static final int ROWS = 64;
  private static final int COLUMNS = 1024;
  private static final int COUNT = ROWS * COLUMNS;
  private static final long SEED = 42;
  private static final int SITE = 3;

  /** What VectorNoise promises against the definition. */
  private static final double TOLERANCE = 1e-5;

  private final float[] out = new float[COUNT];
  private int step = Noise.FIRST_TRAINING_STEP;

  /** Compares every number that will be timed with the definition in double precision. */
  @Setup
  public void verify() {
    Noise noise = new Noise(SEED, SITE, 0, step);
    linear();
    for (int i = 0; i < COUNT; i++) {
      check("linear", i, noise.linear(i));
    }
    step = Noise.FIRST_TRAINING_STEP;
    matrix();
    for (int i = 0; i < COUNT; i++) {
      check("matrix", i, noise.matrix(i / COLUMNS, i % COLUMNS));
    }
  }

  private void check(String layout, int index, double expected) {
    if (!(Math.abs(out[index] - expected) <= TOLERANCE)) {
      throw new IllegalStateException(
          "%s normal %d is %s, not %s".formatted(layout, index, out[index], expected));
    }
  }

  /** The layout of biases, latents and dropout. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public float[] linear() {
    VectorNoise.linear(SEED, SITE, 0, step++, 0, COUNT, out, 0);
    return out;
  }

  /** The layout of weights. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public float[] matrix() {
    VectorNoise.matrix(SEED, SITE, 0, step++, 0, ROWS, 0, COLUMNS, out, 0, COLUMNS);
    return out;
  }
}
