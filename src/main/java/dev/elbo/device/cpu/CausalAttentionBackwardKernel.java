package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.AttentionTile.ROWS;
import static dev.elbo.device.cpu.AttentionTile.STRIDE;
import static dev.elbo.device.cpu.AttentionTile.WIDE;

import dev.elbo.graph.CausalAttention;
import java.util.Arrays;

/**
 * The gradient of attention, a block for each sequence and head. A tile of keys meets the tiles of
 * queries from its own on, in order; what it adds to dq is added in the order of the keys.
 */
final class CausalAttentionBackwardKernel implements Kernel, Workers.Task {
  private final Binding b;
  private final CausalAttention op;
  private final CpuBuffer dy;
  private final CpuBuffer qkv;
  private final CpuBuffer y;
  private final CpuBuffer logSums;
  private final CpuBuffer dqkv;
  private final int width;
  private final int columns;
  private final float scale;

  CausalAttentionBackwardKernel(CausalAttention op, Binding b) {
    this.b = b;
    this.op = op;
    this.dy = b.in(0);
    this.qkv = b.in(1);
    this.y = b.in(2);
    this.logSums = b.in(3);
    this.dqkv = b.out(0);
    this.width = op.width(qkv.shape());
    this.columns = op.heads() * width;
    this.scale = (float) (1 / Math.sqrt(width));
  }

  @Override
  public void run() {
    int blocks = qkv.shape().rows() / op.length() * op.heads();
    boolean shared = b.node().op().flops(b.node().inputShapes()) >= Tiles.SHARED_FLOPS;
    b.workers().run(blocks, shared, this);
  }

  @Override
  public void run(int block, Scratch scratch) {
    AttentionTile tile = scratch.attention;
    int first = block / op.heads() * op.length();
    int head = block % op.heads();
    for (int key = 0; key < op.length(); key += ROWS) {
      int keys = Math.min(ROWS, op.length() - key);
      int k0 = (first + key) * 3 * columns + columns + head * width;
      int from = qkv.offset() + k0;
      tile.transpose(qkv.array(), from, 3 * columns, keys, width, tile.keys);
      tile.transpose(qkv.array(), from + columns, 3 * columns, keys, width, tile.values);
      Arrays.fill(tile.dKeys, 0, keys * WIDE, 0);
      Arrays.fill(tile.dValues, 0, keys * WIDE, 0);
      for (int row = key; row < op.length(); row += ROWS) {
        meet(first, head, row, Math.min(ROWS, op.length() - row), key, keys, tile);
      }
      store(tile.dKeys, keys, dqkv.offset() + k0);
      store(tile.dValues, keys, dqkv.offset() + k0 + columns);
    }
  }

  /** Adds what a tile of queries and a tile of keys give each other. */
  private void meet(
      int first, int head, int row, int queries, int key, int keys, AttentionTile tile) {
    int stride = 3 * columns;
    int q0 = (first + row) * stride + head * width;
    int queryAt = qkv.offset() + q0;
    int keyAt = qkv.offset() + (first + key) * stride + columns + head * width;
    int dyAt = dy.offset() + (first + row) * columns + head * width;
    float[] panel = tile.panel;
    multiply(queries, keys, width, qkv.array(), queryAt, stride, tile.keys, tile.scores, panel);
    multiply(queries, keys, width, dy.array(), dyAt, columns, tile.values, tile.gradients, panel);
    for (int query = 0; query < queries; query++) {
      int visible = Math.min(keys, row + query - key + 1);
      float logSum = logSums.at((first + row + query) * op.heads() + head);
      float delta = delta((first + row + query) * columns + head * width);
      tile.scoreGradients(query, visible, keys, scale, logSum, delta);
    }
    float[] turned = tile.transposed;
    tile.transpose(tile.scores, 0, STRIDE, queries, keys, turned);
    Gemm.multiply(
        keys,
        width,
        queries,
        turned,
        0,
        STRIDE,
        dy.array(),
        dyAt,
        columns,
        tile.dValues,
        0,
        WIDE,
        tile.panel);
    tile.transpose(tile.gradients, 0, STRIDE, queries, keys, turned);
    Gemm.multiply(
        keys,
        width,
        queries,
        turned,
        0,
        STRIDE,
        qkv.array(),
        queryAt,
        stride,
        tile.dKeys,
        0,
        WIDE,
        tile.panel);
    Arrays.fill(tile.results, 0, queries * WIDE, 0);
    Gemm.multiply(
        queries,
        width,
        keys,
        tile.gradients,
        0,
        STRIDE,
        qkv.array(),
        keyAt,
        stride,
        tile.results,
        0,
        WIDE,
        tile.panel);
    if (key == 0) {
      store(tile.results, queries, dqkv.offset() + q0);
    } else {
      add(tile.results, queries, dqkv.offset() + q0);
    }
  }

  /** c = a b with b [width, keys] and c [queries, keys] of the tile. */
  private static void multiply(
      int queries,
      int keys,
      int width,
      float[] a,
      int a0,
      int lda,
      float[] b,
      float[] c,
      float[] panel) {
    Arrays.fill(c, 0, queries * STRIDE, 0);
    Gemm.multiply(queries, keys, width, a, a0, lda, b, 0, STRIDE, c, 0, STRIDE, panel);
  }

  /** The sum over a head's columns of dy·y: what the softmax takes off all gradients of a row. */
  private float delta(int at) {
    double sum = 0;
    for (int i = at; i < at + width; i++) {
      sum += (double) dy.at(i) * y.at(i);
    }
    return (float) sum;
  }

  private void store(float[] from, int rows, int to) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, row * WIDE, dqkv.array(), to + row * 3 * columns, width);
    }
  }

  private void add(float[] from, int rows, int to) {
    float[] sums = dqkv.array();
    for (int row = 0; row < rows; row++) {
      int at = to + row * 3 * columns;
      Lanes.add(sums, at, from, row * WIDE, sums, at, width);
    }
  }
}
