package dev.elbo.device.cuda;

import dev.elbo.graph.NoiseSite;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The noise and the weights of a layer in memory, [S*N, K] each. */
record UnfusedWeights(NoiseSite site, Shape mu, CudaBuffer eps, Address w, List<Launch> launches) {

  /** Takes the memory and prepares the work that fills it. */
  static UnfusedWeights of(NoiseSite site, Binding b, StoredNoise noise, Context context) {
    CudaBuffer mu = b.in(1);
    Shape shape = mu.shape();
    Shape all = Shape.of(site.samples() * shape.rows(), shape.columns());
    Address memory = b.workspace((long) Float.BYTES * (all.elements() + 1));
    CudaBuffer eps = new CudaBuffer(all, memory, context);
    Address w = b.workspace(b.precision().bytes() * (long) all.elements());
    List<Launch> launches = new ArrayList<>(noise.draw(site, b, eps));
    long count = shape.elements();
    launches.add(
        b.launch(
            "unfused_weight" + b.precision().suffix(),
            Grid.ofElements(count),
            count,
            site.samples(),
            mu.address(),
            b.in(2).address(),
            memory,
            w));
    return new UnfusedWeights(site, shape, eps, w, launches);
  }
}
