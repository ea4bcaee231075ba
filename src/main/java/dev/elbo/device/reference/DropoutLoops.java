package dev.elbo.device.reference;

import dev.elbo.graph.Dropout;
import dev.elbo.random.Noise;

/** {@link Dropout}. */
final class DropoutLoops {
  private DropoutLoops() {}

  static void run(Dropout op, ReferenceBuffer x, ReferenceBuffer y, Run run) {
    int each = x.elements() / op.noise().samples();
    for (int s = 0; s < op.noise().samples(); s++) {
      Noise noise = run.draw(op.noise(), s).noise();
      for (int i = 0; i < each; i++) {
        boolean kept = Integer.toUnsignedLong(noise.bits(i)) >= op.threshold();
        y.set(s * each + i, kept ? x.get(s * each + i) / (1 - op.probability()) : 0);
      }
    }
  }
}
