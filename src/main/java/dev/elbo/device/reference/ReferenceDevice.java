package dev.elbo.device.reference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.tensor.Shape;
import java.util.Map;

/**
 * The definition of every operation: plain loops in double precision, for tests to hold the other
 * devices to.
 *
 * <p>All values are doubles, with one exception: parameters and the optimizer's state are rounded
 * to float32 whenever an update stores them, since that is what they are on every device. Unlike
 * other devices it makes short-lived arrays while it runs.
 */
public final class ReferenceDevice implements Device {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public ReferenceBuffer allocate(Shape shape) {
    return new ReferenceBuffer(shape);
  }

  @Override
  public Program compile(Graph graph, Map<String, Buffer> parameters, long seed) {
    return new ReferenceProgram(graph, parameters, seed);
  }

  @Override
  public void close() {
    // Buffers are ordinary arrays: nothing is held.
  }
}
