package dev.elbo.device.cuda;

import dev.elbo.graph.Update.FusedUpdate;
import java.util.List;

/** Launches of the weight gradient, divergence and optimizer step in one pass over the weights. */
final class FusedUpdateLaunch {
  private FusedUpdateLaunch() {}

  static List<Launch> of(FusedUpdate op, Binding b) {
    throw new IllegalStateException(op.name() + " has no launch yet");
  }
}
