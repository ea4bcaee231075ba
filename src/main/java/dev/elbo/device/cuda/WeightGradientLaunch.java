package dev.elbo.device.cuda;

import java.util.List;

/** Launches of gradients of mean-field Gaussians. */
final class WeightGradientLaunch {
  private WeightGradientLaunch() {}

  static List<Launch> of(Binding b) {
    throw new IllegalStateException(b.node().op().name() + " has no launch yet");
  }
}
