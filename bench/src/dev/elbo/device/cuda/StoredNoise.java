package dev.elbo.device.cuda;

import dev.elbo.graph.NoiseSite;
import java.util.List;

/** What writes the noise of an unfused step into memory. */
interface StoredNoise extends AutoCloseable {
  /**
   * The work that fills eps [S*N, K] for a step.
   *
   * @param binding of any node of the step, for what launches need
   * @param eps with room for one element more when their number is odd
   */
  List<Launch> draw(NoiseSite site, Binding binding, CudaBuffer eps);

  @Override
  default void close() {}
}
