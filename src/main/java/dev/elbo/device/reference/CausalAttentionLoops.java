package dev.elbo.device.reference;

import dev.elbo.graph.CausalAttention;
import java.util.List;

/** {@link CausalAttention} and its gradient, with a row of scores at a time. */
final class CausalAttentionLoops {
  private final ReferenceBuffer qkv;
  private final int width;
  private final double scale;

  /** The columns of q, k and v at which a head begins. */
  private final int q;

  private final int k;
  private final int v;

  private CausalAttentionLoops(CausalAttention op, ReferenceBuffer qkv, int head) {
    this.qkv = qkv;
    width = op.width(qkv.shape());
    int columns = qkv.columns() / 3;
    scale = 1 / Math.sqrt(width);
    q = head * width;
    k = columns + q;
    v = 2 * columns + q;
  }

  static void forward(CausalAttention op, List<ReferenceBuffer> in, List<ReferenceBuffer> out) {
    ReferenceBuffer qkv = in.getFirst();
    out.getFirst().fill(0);
    for (int head = 0; head < op.heads(); head++) {
      CausalAttentionLoops loops = new CausalAttentionLoops(op, qkv, head);
      for (int row = 0; row < qkv.rows(); row++) {
        double logSum = loops.forwardRow(row, row / op.length() * op.length(), out.getFirst());
        out.get(1).set(row, head, logSum);
      }
    }
  }

  /** The result of a row that sees the rows from {@code first} on; returns its log-sum-exp. */
  private double forwardRow(int row, int first, ReferenceBuffer y) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int other = first; other <= row; other++) {
      largest = Math.max(largest, score(row, other));
    }
    double sum = 0;
    for (int other = first; other <= row; other++) {
      sum += Math.exp(score(row, other) - largest);
    }
    double logSum = largest + Math.log(sum);
    for (int other = first; other <= row; other++) {
      double probability = Math.exp(score(row, other) - logSum);
      for (int c = 0; c < width; c++) {
        y.add(row, q + c, probability * qkv.get(other, v + c));
      }
    }
    return logSum;
  }

  static void backward(CausalAttention op, List<ReferenceBuffer> in, ReferenceBuffer dqkv) {
    dqkv.fill(0);
    for (int head = 0; head < op.heads(); head++) {
      CausalAttentionLoops loops = new CausalAttentionLoops(op, in.get(1), head);
      for (int row = 0; row < dqkv.rows(); row++) {
        int first = row / op.length() * op.length();
        loops.backwardRow(row, first, in.get(0), in.get(2), in.get(3).get(row, head), dqkv);
      }
    }
  }

  private void backwardRow(
      int row,
      int first,
      ReferenceBuffer dy,
      ReferenceBuffer y,
      double logSum,
      ReferenceBuffer dqkv) {
    double delta = 0;
    for (int c = 0; c < width; c++) {
      delta += dy.get(row, q + c) * y.get(row, q + c);
    }
    for (int other = first; other <= row; other++) {
      double probability = Math.exp(score(row, other) - logSum);
      double dProbability = 0;
      for (int c = 0; c < width; c++) {
        dProbability += dy.get(row, q + c) * qkv.get(other, v + c);
        dqkv.add(other, v + c, probability * dy.get(row, q + c));
      }
      double dScore = probability * (dProbability - delta) * scale;
      for (int c = 0; c < width; c++) {
        dqkv.add(row, q + c, dScore * qkv.get(other, k + c));
        dqkv.add(other, k + c, dScore * qkv.get(row, q + c));
      }
    }
  }

  private double score(int row, int other) {
    double sum = 0;
    for (int c = 0; c < width; c++) {
      sum += qkv.get(row, q + c) * qkv.get(other, k + c);
    }
    return sum * scale;
  }
}
