package dev.elbo.device.cuda;

import java.util.List;

/** Launches of optimizer steps. */
final class UpdateLaunch {
  private UpdateLaunch() {}

  static List<Launch> of(Binding b) {
    throw new IllegalStateException(b.node().op().name() + " has no launch yet");
  }
}
