package dev.elbo.device.cpu;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.DeviceException;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.tensor.Shape;
import java.util.Map;

/**
 * The CPU: float32, vectorised and multi-threaded.
 *
 * <p>Results are the same to the bit for any number of threads, from run to run, and wherever
 * sampled weights are made.
 */
public final class CpuDevice implements Device {
  /** Where the weights W = mu + sigma·eps of a matrix product are made. */
  public enum Weights {
    /** By the forward pass, which stores W for the others: faster, and 4·S·N·K bytes a layer. */
    STORED,
    /** In the product's tiles, each time they are read; W is never stored. */
    IN_TILE
  }

  private final Workers workers;
  private final Weights weights;

  /** A device with its own threads that stores sampled weights; {@link #close()} ends them. */
  public CpuDevice(int threads) {
    this(threads, Weights.STORED);
  }

  /**
   * A device with its own threads; {@link #close()} ends them.
   *
   * @param threads how many threads compute, the caller of {@link Program#run} being one of them
   * @throws IllegalArgumentException when threads is below 1
   * @throws DeviceException when Java was started without the Vector API
   */
  public CpuDevice(int threads, Weights weights) {
    if (threads < 1) {
      throw new IllegalArgumentException("the number of threads must be positive, got " + threads);
    }
    require(VectorApi.probe());
    this.workers = new Workers(threads);
    this.weights = weights;
  }

  /** Throws DeviceException unless Java has the Vector API. */
  static void require(VectorApi vectors) {
    vectors
        .missing()
        .ifPresent(
            missing -> {
              throw new DeviceException(missing);
            });
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Buffer allocate(Shape shape) {
    return CpuBuffer.zeros(shape);
  }

  @Override
  public Program compile(Graph graph, Map<String, Buffer> parameters, long seed) {
    return new CpuProgram(graph, parameters, seed, workers, weights);
  }

  @Override
  public void close() {
    workers.close();
  }
}
