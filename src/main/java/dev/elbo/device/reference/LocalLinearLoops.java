package dev.elbo.device.reference;

import dev.elbo.device.reference.Run.Draw;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.WeightGradient.LocalLinearBackwardWeight;
import dev.elbo.tensor.Shape;
import java.util.List;

/** {@link LocalLinear} and its gradients. */
final class LocalLinearLoops {
  private LocalLinearLoops() {}

  static void forward(
      LocalLinear op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    ReferenceBuffer x = in.get(0);
    ReferenceBuffer std = out.get(1);
    ReferenceBuffer mean = new ReferenceBuffer(std.shape());
    LinearLoops.forward(x, in.get(1), mean, 1, false);
    LinearLoops.forward(square(x), variance(in.get(2)), std, 1, false);
    for (int i = 0; i < std.elements(); i++) {
      std.set(i, Math.sqrt(std.get(i)));
    }
    ReferenceBuffer y = out.get(0);
    ReferenceBuffer eps = eps(op.noise(), y.shape(), run);
    for (int i = 0; i < y.elements(); i++) {
      int j = i % std.elements(); // when x is shared every sample has the same mean and std
      y.set(i, mean.get(j) + std.get(j) * eps.get(i));
    }
  }

  static void backwardInput(
      LocalLinearBackwardInput op, List<ReferenceBuffer> in, ReferenceBuffer dx, Run run) {
    ReferenceBuffer dy = in.get(0);
    ReferenceBuffer x = in.get(2);
    ReferenceBuffer mu = in.get(3);
    ReferenceBuffer variance = variance(in.get(4));
    ReferenceBuffer dv = dv(op.noise(), dy, in.get(1), run);
    dx.fill(0);
    for (int row = 0; row < dy.rows(); row++) {
      int to = row % x.rows();
      for (int n = 0; n < dy.columns(); n++) {
        for (int k = 0; k < x.columns(); k++) {
          double throughMean = dy.get(row, n) * mu.get(n, k);
          double throughStd = 2 * x.get(to, k) * dv.get(row, n) * variance.get(n, k);
          dx.add(to, k, throughMean + throughStd);
        }
      }
    }
  }

  static void backwardWeight(
      LocalLinearBackwardWeight op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    ReferenceBuffer x = in.get(0);
    ReferenceBuffer dy = in.get(1);
    ReferenceBuffer logSigma = in.get(4);
    ReferenceBuffer dv = dv(op.noise(), dy, in.get(2), run);
    ReferenceBuffer dMu = out.get(0);
    ReferenceBuffer dLogSigma = out.get(1);
    summedOverSamples(x, dy, dMu);
    summedOverSamples(square(x), dv, dLogSigma);
    for (int i = 0; i < dLogSigma.elements(); i++) {
      dLogSigma.set(i, 2 * Math.exp(2 * logSigma.get(i)) * dLogSigma.get(i));
    }
  }

  /** dyᵀ x over all rows of dy, row r meeting row r mod rows(x). */
  private static void summedOverSamples(ReferenceBuffer x, ReferenceBuffer dy, ReferenceBuffer dw) {
    dw.fill(0);
    for (int row = 0; row < dy.rows(); row++) {
      for (int n = 0; n < dy.columns(); n++) {
        for (int k = 0; k < x.columns(); k++) {
          dw.add(n, k, dy.get(row, n) * x.get(row % x.rows(), k));
        }
      }
    }
  }

  /** The gradient of the variance: dy·eps / (2 std), 0 where std is 0. */
  private static ReferenceBuffer dv(
      NoiseSite site, ReferenceBuffer dy, ReferenceBuffer std, Run run) {
    ReferenceBuffer eps = eps(site, dy.shape(), run);
    ReferenceBuffer dv = new ReferenceBuffer(dy.shape());
    for (int i = 0; i < dv.elements(); i++) {
      double scale = std.get(i % std.elements());
      dv.set(i, scale == 0 ? 0 : dy.get(i) * eps.get(i) / (2 * scale));
    }
    return dv;
  }

  /** eps of [S·B, N], drawn linearly at b·N + n for each sample. */
  private static ReferenceBuffer eps(NoiseSite site, Shape shape, Run run) {
    ReferenceBuffer eps = new ReferenceBuffer(shape);
    int elements = shape.elements() / site.samples();
    for (int s = 0; s < site.samples(); s++) {
      Draw draw = run.draw(site, s);
      for (int i = 0; i < elements; i++) {
        eps.set(s * elements + i, draw.linear(i));
      }
    }
    return eps;
  }

  private static ReferenceBuffer square(ReferenceBuffer x) {
    ReferenceBuffer result = new ReferenceBuffer(x.shape());
    for (int i = 0; i < x.elements(); i++) {
      result.set(i, x.get(i) * x.get(i));
    }
    return result;
  }

  private static ReferenceBuffer variance(ReferenceBuffer logSigma) {
    ReferenceBuffer result = new ReferenceBuffer(logSigma.shape());
    for (int i = 0; i < logSigma.elements(); i++) {
      result.set(i, Math.exp(2 * logSigma.get(i)));
    }
    return result;
  }
}
