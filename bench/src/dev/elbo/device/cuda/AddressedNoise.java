package dev.elbo.device.cuda;

import dev.elbo.graph.Graph;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * The product's own noise, stored: a sample of Normal(0, 1). With it the unfused step computes what
 * the fused one does, which is how it is checked before it is timed.
 */
final class AddressedNoise implements StoredNoise {
  private final Context context;

  AddressedNoise(Context context) {
    this.context = context;
  }

  @Override
  public List<Launch> draw(NoiseSite site, Binding b, CudaBuffer eps) {
    Shape shape = Shape.of(eps.shape().rows() / site.samples(), eps.shape().columns());
    Graph graph = new Graph();
    Value mu = graph.parameter("mu", shape);
    Value logSigma = graph.parameter("log_sigma", shape);
    Node node = graph.node(graph.add(new Sample(site, 1), mu, logSigma));
    // Fresh memory is zeroed: mu = 0, log_sigma = 0.
    Address zeros = b.workspace((long) Float.BYTES * shape.elements());
    CudaBuffer zero = new CudaBuffer(shape, zeros, context);
    return Launches.of(
        new Binding(
            node,
            List.of(zero, zero),
            List.of(eps),
            b.run(),
            b.precision(),
            b.kernels(),
            b.cublas(),
            new Address(),
            false,
            Epilogue.NONE,
            b.workspaces()));
  }
}
