package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.AttentionTile.ROWS;
import static dev.elbo.device.cpu.AttentionTile.STRIDE;
import static dev.elbo.device.cpu.AttentionTile.WIDE;

import dev.elbo.graph.CausalAttention;
import java.util.Arrays;

/**
 * Attention, a block for each sequence and head. Queries and keys meet in tiles of {@link
 * AttentionTile#ROWS} x as many; tiles of keys after the queries are left out.
 */
final class CausalAttentionKernel implements Kernel, Workers.Task {
  private final Binding b;
  private final CausalAttention op;
  private final CpuBuffer qkv;
  private final int width;
  private final int columns;
  private final float scale;

  private CausalAttentionKernel(CausalAttention op, Binding b) {
    this.b = b;
    this.op = op;
    this.qkv = b.in(0);
    this.width = op.width(qkv.shape());
    this.columns = op.heads() * width;
    this.scale = (float) (1 / Math.sqrt(width));
  }

  static Kernel of(CausalAttention op, Binding b) {
    return new CausalAttentionKernel(op, b);
  }

  static Kernel backward(CausalAttention op, Binding b) {
    return new CausalAttentionBackwardKernel(op, b);
  }

  @Override
  public void run() {
    int blocks = qkv.shape().rows() / op.length() * op.heads();
    boolean shared = op.flops(b.node().inputShapes()) >= Tiles.SHARED_FLOPS;
    b.workers().run(blocks, shared, this);
  }

  @Override
  public void run(int block, Scratch scratch) {
    int first = block / op.heads() * op.length();
    int head = block % op.heads();
    for (int row = 0; row < op.length(); row += ROWS) {
      int queries = Math.min(ROWS, op.length() - row);
      begin(queries, scratch.attention);
      for (int key = 0; key <= row; key += ROWS) {
        int keys = Math.min(ROWS, op.length() - key);
        meet(first, head, row, queries, key, keys, scratch.attention);
      }
      finish(first + row, head, queries, scratch.attention);
    }
  }

  private static void begin(int queries, AttentionTile tile) {
    Arrays.fill(tile.results, 0, queries * WIDE, 0);
    Arrays.fill(tile.largest, 0, queries, Float.NEGATIVE_INFINITY);
    Arrays.fill(tile.sums, 0, queries, 0);
  }

  /** Adds what a tile of keys gives a tile of queries. */
  private void meet(
      int first, int head, int row, int queries, int key, int keys, AttentionTile tile) {
    float[] x = qkv.array();
    int stride = 3 * columns;
    int q0 = qkv.offset() + (first + row) * stride + head * width;
    int k0 = qkv.offset() + (first + key) * stride + columns + head * width;
    int v0 = k0 + columns;
    tile.transpose(x, k0, stride, keys, width, tile.keys);
    Arrays.fill(tile.scores, 0, queries * STRIDE, 0);
    Gemm.multiply(
        queries,
        keys,
        width,
        x,
        q0,
        stride,
        tile.keys,
        0,
        STRIDE,
        tile.scores,
        0,
        STRIDE,
        tile.panel);
    for (int query = 0; query < queries; query++) {
      int visible = Math.min(keys, row + query - key + 1);
      tile.softmax(query, visible, keys, scale, width);
    }
    Gemm.multiply(
        queries,
        width,
        keys,
        tile.scores,
        0,
        STRIDE,
        x,
        v0,
        stride,
        tile.results,
        0,
        WIDE,
        tile.panel);
  }

  private void finish(int row, int head, int queries, AttentionTile tile) {
    CpuBuffer y = b.out(0);
    for (int query = 0; query < queries; query++) {
      float sum = tile.sums[query];
      int at = y.offset() + (row + query) * columns + head * width;
      Lanes.affine(tile.results, query * WIDE, 1 / sum, 0, y.array(), at, width);
      b.out(1).set((row + query) * op.heads() + head, tile.largest[query] + Math.log(sum));
    }
  }
}
