package dev.elbo.device.reference;

import dev.elbo.device.reference.Run.Draw;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.tensor.Shape;
import java.util.List;

/** {@link Sample} and its gradient. */
final class SampleLoops {
  private SampleLoops() {}

  static void forward(Sample op, List<ReferenceBuffer> in, ReferenceBuffer w, Run run) {
    ReferenceBuffer mu = in.get(0);
    ReferenceBuffer logSigma = in.get(1);
    ReferenceBuffer eps = eps(op.noise(), op.copies(), mu.shape(), run);
    for (int i = 0; i < w.elements(); i++) {
      int j = i % mu.elements();
      w.set(i, mu.get(j) + Math.exp(logSigma.get(j)) * eps.get(i));
    }
  }

  static void backward(
      SampleBackward op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    ReferenceBuffer eps = eps(op.noise(), op.copies(), in.get(1).shape(), run);
    backward(in.get(0), eps, in.get(2), out);
  }

  /** dmu = sum over draws of dW, dlog_sigma = sigma · sum over draws of dW·eps. */
  static void backward(
      ReferenceBuffer dw,
      ReferenceBuffer eps,
      ReferenceBuffer logSigma,
      List<ReferenceBuffer> out) {
    ReferenceBuffer dMu = out.get(0);
    ReferenceBuffer dLogSigma = out.get(1);
    dMu.fill(0);
    dLogSigma.fill(0);
    for (int i = 0; i < dw.elements(); i++) {
      int j = i % dMu.elements();
      dMu.add(j, dw.get(i));
      dLogSigma.add(j, dw.get(i) * eps.get(i) * Math.exp(logSigma.get(j)));
    }
  }

  /** All draws of a tensor below each other: [S·N, K] of a matrix, [S·copies, N] of a vector. */
  static ReferenceBuffer eps(NoiseSite site, int copies, Shape mu, Run run) {
    int rows = copies * mu.rows();
    int columns = mu.columns();
    ReferenceBuffer eps = new ReferenceBuffer(Shape.of(site.samples() * rows, columns));
    for (int s = 0; s < site.samples(); s++) {
      Draw draw = run.draw(site, s);
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          boolean matrix = mu.rank() == 2;
          double normal = matrix ? draw.matrix(r, c) : draw.linear((long) r * columns + c);
          eps.set(s * rows + r, c, normal);
        }
      }
    }
    return eps;
  }
}
