package dev.elbo.device.reference;

import dev.elbo.device.reference.Run.Draw;
import dev.elbo.graph.ColumnSample;
import java.util.List;

/** {@link ColumnSample}. */
final class ColumnSampleLoops {
  private ColumnSampleLoops() {}

  static void run(ColumnSample op, List<ReferenceBuffer> in, ReferenceBuffer y, Run run) {
    ReferenceBuffer mean = in.get(0);
    ReferenceBuffer std = in.get(1);
    int each = mean.elements();
    for (int s = 0; s < op.noise().samples(); s++) {
      Draw draw = run.draw(op.noise(), s);
      for (int i = 0; i < each; i++) {
        double eps = draw.linear(i % mean.columns());
        y.set(s * each + i, mean.get(i) + std.get(i) * eps);
      }
    }
  }
}
