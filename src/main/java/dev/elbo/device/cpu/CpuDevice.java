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
 * <p>Results are the same to the bit for any number of threads and from run to run. Sampled weights
 * are made tile by tile and never stored.
 */
public final class CpuDevice implements Device {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private final Workers workers;

  /**
   * A device with its own threads; {@link #close()} ends them.
   *
   * @param threads how many threads compute, the caller of {@link Program#run} being one of them
   * @throws IllegalArgumentException when threads is below 1
   * @throws DeviceException when Java was started without the Vector API
   */
  public CpuDevice(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("the number of threads must be positive, got " + threads);
    }
    requireVectors(ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent());
    workers = new Workers(threads);
  }

  /** Throws DeviceException unless Java has the Vector API. */
  static void requireVectors(boolean present) {
    if (!present) {
      throw new DeviceException(
          "the CPU device needs the Vector API: start Java with --add-modules " + VECTOR_MODULE);
    }
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
    return new CpuProgram(graph, parameters, seed, workers);
  }

  @Override
  public void close() {
    workers.close();
  }
}
