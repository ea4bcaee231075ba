package dev.elbo.device.cuda;

import java.util.List;

/** Launches of log-likelihoods and their gradients. */
final class LogLikelihoodLaunch {
  private LogLikelihoodLaunch() {}

  static List<Launch> of(Binding b) {
    throw new IllegalStateException(b.node().op().name() + " has no launch yet");
  }
}
