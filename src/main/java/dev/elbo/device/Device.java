package dev.elbo.device;

import dev.elbo.graph.Graph;
import dev.elbo.tensor.Shape;
import java.util.Map;

/**
 * Where graphs run. Every device computes the same function of the same noise; they differ in speed
 * and rounding.
 */
public interface Device extends AutoCloseable {
  /** The name by which users choose it: "cpu", "reference", "cuda:0". */
  String name();

  /**
   * A zeroed buffer.
   *
   * @throws DeviceException when there is no memory for it
   */
  Buffer allocate(Shape shape);

  /**
   * Makes a graph ready to run. Nothing is allocated after the first run.
   *
   * @param graph as {@link dev.elbo.graph.Schedule} leaves it
   * @param parameters a buffer of this device for every parameter of the graph, by its name;
   *     several programs may share them
   * @param seed the seed of all noise
   * @throws IllegalArgumentException when a parameter is missing or of another shape
   * @throws DeviceException when there is no memory for it, or an operation cannot be run
   */
  Program compile(Graph graph, Map<String, Buffer> parameters, long seed);

  @Override
  void close();
}
