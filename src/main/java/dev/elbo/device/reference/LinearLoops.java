package dev.elbo.device.reference;

import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import java.util.List;

/** {@link Linear} and its gradients. */
final class LinearLoops {
  private LinearLoops() {}

  static void forward(Linear op, List<ReferenceBuffer> in, ReferenceBuffer y) {
    forward(in.get(0), in.get(1), y, op.samples(), op.shared());
  }

  static void backwardInput(LinearBackwardInput op, List<ReferenceBuffer> in, ReferenceBuffer dx) {
    backwardInput(in.get(0), in.get(1), dx, op.samples(), op.shared());
  }

  static void backwardWeight(
      LinearBackwardWeight op, List<ReferenceBuffer> in, ReferenceBuffer dw) {
    backwardWeight(in.get(0), in.get(1), dw, op.samples(), op.shared());
  }

  /** The row of x that gives row {@code row} of y, where y has {@code examples} rows a sample. */
  static int inputRow(int row, int examples, boolean shared) {
    return shared ? row % examples : row;
  }

  /** y[s·B + b, n] = sum_k x[.., k] · w[s·N + n, k]. */
  static void forward(
      ReferenceBuffer x, ReferenceBuffer w, ReferenceBuffer y, int samples, boolean shared) {
    int examples = y.rows() / samples;
    for (int row = 0; row < y.rows(); row++) {
      int s = row / examples;
      int from = inputRow(row, examples, shared);
      for (int n = 0; n < y.columns(); n++) {
        double sum = 0;
        for (int k = 0; k < x.columns(); k++) {
          sum += x.get(from, k) * w.get(s * y.columns() + n, k);
        }
        y.set(row, n, sum);
      }
    }
  }

  /** dx[.., k] += sum_n dy[s·B + b, n] · w[s·N + n, k]. */
  static void backwardInput(
      ReferenceBuffer dy, ReferenceBuffer w, ReferenceBuffer dx, int samples, boolean shared) {
    int examples = dy.rows() / samples;
    dx.fill(0);
    for (int row = 0; row < dy.rows(); row++) {
      int s = row / examples;
      int to = inputRow(row, examples, shared);
      for (int n = 0; n < dy.columns(); n++) {
        for (int k = 0; k < dx.columns(); k++) {
          dx.add(to, k, dy.get(row, n) * w.get(s * dy.columns() + n, k));
        }
      }
    }
  }

  /** dw[s·N + n, k] = sum_b dy[s·B + b, n] · x[.., k]. */
  static void backwardWeight(
      ReferenceBuffer x, ReferenceBuffer dy, ReferenceBuffer dw, int samples, boolean shared) {
    int examples = dy.rows() / samples;
    dw.fill(0);
    for (int row = 0; row < dy.rows(); row++) {
      int s = row / examples;
      int from = inputRow(row, examples, shared);
      for (int n = 0; n < dy.columns(); n++) {
        for (int k = 0; k < x.columns(); k++) {
          dw.add(s * dy.columns() + n, k, dy.get(row, n) * x.get(from, k));
        }
      }
    }
  }
}
