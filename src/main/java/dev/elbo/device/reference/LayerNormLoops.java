package dev.elbo.device.reference;

import dev.elbo.graph.LayerNorm;
import java.util.List;

/** {@link LayerNorm} and its gradients. */
final class LayerNormLoops {
  private LayerNormLoops() {}

  static void forward(LayerNorm op, List<ReferenceBuffer> in, List<ReferenceBuffer> out) {
    ReferenceBuffer x = in.get(0);
    ReferenceBuffer gamma = in.get(1);
    ReferenceBuffer beta = in.get(2);
    int columns = x.columns();
    for (int r = 0; r < x.rows(); r++) {
      double mean = 0;
      for (int c = 0; c < columns; c++) {
        mean += x.get(r, c) / columns;
      }
      double variance = 0;
      for (int c = 0; c < columns; c++) {
        variance += Math.pow(x.get(r, c) - mean, 2) / columns;
      }
      double rstd = 1 / Math.sqrt(variance + op.epsilon());
      int group = r / (x.rows() / gamma.rows());
      for (int c = 0; c < columns; c++) {
        double normal = (x.get(r, c) - mean) * rstd;
        out.get(0).set(r, c, normal * gamma.get(group, c) + beta.get(group, c));
      }
      out.get(1).set(r, mean);
      out.get(2).set(r, rstd);
    }
  }

  static void backward(List<ReferenceBuffer> in, List<ReferenceBuffer> out) {
    ReferenceBuffer dy = in.get(0);
    ReferenceBuffer x = in.get(1);
    ReferenceBuffer gamma = in.get(2);
    ReferenceBuffer mean = in.get(3);
    ReferenceBuffer rstd = in.get(4);
    int columns = x.columns();
    out.get(1).fill(0);
    out.get(2).fill(0);
    for (int r = 0; r < x.rows(); r++) {
      int group = r / (x.rows() / gamma.rows());
      double meanGradient = 0;
      double meanProduct = 0;
      for (int c = 0; c < columns; c++) {
        double normal = (x.get(r, c) - mean.get(r)) * rstd.get(r);
        double g = dy.get(r, c) * gamma.get(group, c);
        meanGradient += g / columns;
        meanProduct += g * normal / columns;
        out.get(1).add(group, c, dy.get(r, c) * normal);
        out.get(2).add(group, c, dy.get(r, c));
      }
      for (int c = 0; c < columns; c++) {
        double normal = (x.get(r, c) - mean.get(r)) * rstd.get(r);
        double g = dy.get(r, c) * gamma.get(group, c);
        out.get(0).set(r, c, rstd.get(r) * (g - meanGradient - normal * meanProduct));
      }
    }
  }
}
