package dev.elbo.device.reference;

import dev.elbo.graph.FlipoutLinear;
import dev.elbo.random.Noise;
import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * {@link FlipoutLinear} and its gradients, read as one weight matrix an example: W_b[n, k] = mu +
 * sigma·eps·t[b, n]·r[b, k].
 */
final class FlipoutLinearLoops {
  private FlipoutLinearLoops() {}

  static void forward(FlipoutLinear op, List<ReferenceBuffer> in, ReferenceBuffer y, Run run) {
    ReferenceBuffer x = in.get(0);
    ReferenceBuffer mu = in.get(1);
    Perturbation perturbation = new Perturbation(op, in.get(2), y.rows(), run);
    for (int row = 0; row < y.rows(); row++) {
      int from = LinearLoops.inputRow(row, perturbation.examples, op.shared());
      for (int n = 0; n < y.columns(); n++) {
        double sum = 0;
        for (int k = 0; k < x.columns(); k++) {
          sum += x.get(from, k) * (mu.get(n, k) + perturbation.at(row, n, k));
        }
        y.set(row, n, sum);
      }
    }
  }

  static void backwardInput(
      FlipoutLinear op, List<ReferenceBuffer> in, ReferenceBuffer dx, Run run) {
    ReferenceBuffer dy = in.get(0);
    ReferenceBuffer mu = in.get(1);
    Perturbation perturbation = new Perturbation(op, in.get(2), dy.rows(), run);
    dx.fill(0);
    for (int row = 0; row < dy.rows(); row++) {
      int to = LinearLoops.inputRow(row, perturbation.examples, op.shared());
      for (int n = 0; n < dy.columns(); n++) {
        for (int k = 0; k < dx.columns(); k++) {
          dx.add(to, k, dy.get(row, n) * (mu.get(n, k) + perturbation.at(row, n, k)));
        }
      }
    }
  }

  static void backwardWeight(
      FlipoutLinear op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    ReferenceBuffer x = in.get(0);
    ReferenceBuffer dy = in.get(1);
    ReferenceBuffer dMu = out.get(0);
    ReferenceBuffer dLogSigma = out.get(1);
    Perturbation perturbation = new Perturbation(op, in.get(3), dy.rows(), run);
    dMu.fill(0);
    dLogSigma.fill(0);
    for (int row = 0; row < dy.rows(); row++) {
      int from = LinearLoops.inputRow(row, perturbation.examples, op.shared());
      for (int n = 0; n < dy.columns(); n++) {
        for (int k = 0; k < x.columns(); k++) {
          double dw = dy.get(row, n) * x.get(from, k);
          dMu.add(n, k, dw);
          dLogSigma.add(n, k, dw * perturbation.at(row, n, k));
        }
      }
    }
  }

  /** sigma·eps with the signs of each example. */
  private static final class Perturbation {
    private final int outputs;
    private final ReferenceBuffer spread;
    private final ReferenceBuffer inputSigns;
    private final ReferenceBuffer outputSigns;
    private final int examples;

    Perturbation(FlipoutLinear op, ReferenceBuffer logSigma, int rows, Run run) {
      this.outputs = logSigma.rows();
      this.spread = SampleLoops.eps(op.noise(), 1, logSigma.shape(), run);
      for (int i = 0; i < spread.elements(); i++) {
        spread.set(i, spread.get(i) * Math.exp(logSigma.get(i % logSigma.elements())));
      }
      this.inputSigns = signs(op, op.inputSigns(), Shape.of(rows, logSigma.columns()), run);
      this.outputSigns = signs(op, op.outputSigns(), Shape.of(rows, logSigma.rows()), run);
      this.examples = rows / op.noise().samples();
    }

    private static ReferenceBuffer signs(FlipoutLinear op, int site, Shape shape, Run run) {
      ReferenceBuffer signs = new ReferenceBuffer(shape);
      int elements = shape.elements() / op.noise().samples();
      for (int s = 0; s < op.noise().samples(); s++) {
        Noise noise = run.signs(op.noise(), site, s);
        for (int i = 0; i < elements; i++) {
          signs.set(s * elements + i, noise.sign(i));
        }
      }
      return signs;
    }

    double at(int row, int n, int k) {
      int sample = row / examples;
      return spread.get(sample * outputs + n, k) * inputSigns.get(row, k) * outputSigns.get(row, n);
    }
  }
}
