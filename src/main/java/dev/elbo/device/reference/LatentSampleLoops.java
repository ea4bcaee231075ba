package dev.elbo.device.reference;

import dev.elbo.device.reference.Run.Draw;
import dev.elbo.graph.LatentSample;
import dev.elbo.graph.LatentSampleBackward;
import java.util.List;

/** {@link LatentSample} and its gradient. */
final class LatentSampleLoops {
  private LatentSampleLoops() {}

  static void forward(LatentSample op, List<ReferenceBuffer> in, ReferenceBuffer z, Run run) {
    ReferenceBuffer mean = in.get(0);
    ReferenceBuffer logSigma = in.get(1);
    int each = z.elements() / op.noise().samples();
    for (int s = 0; s < op.noise().samples(); s++) {
      Draw draw = run.draw(op.noise(), s);
      for (int i = 0; i < each; i++) {
        int at = op.shared() ? i : s * each + i;
        double perturbation = Math.exp(logSigma.get(at)) * draw.linear(i);
        z.set(s * each + i, mean.get(at) + perturbation);
      }
    }
  }

  static void backward(
      LatentSampleBackward op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    ReferenceBuffer dz = in.get(0);
    ReferenceBuffer logSigma = in.get(1);
    out.forEach(gradient -> gradient.fill(0));
    int each = dz.elements() / op.noise().samples();
    for (int s = 0; s < op.noise().samples(); s++) {
      Draw draw = run.draw(op.noise(), s);
      for (int i = 0; i < each; i++) {
        int at = op.shared() ? i : s * each + i;
        double d = dz.get(s * each + i);
        out.get(0).add(at, d);
        out.get(1).add(at, d * Math.exp(logSigma.get(at)) * draw.linear(i));
      }
    }
  }
}
