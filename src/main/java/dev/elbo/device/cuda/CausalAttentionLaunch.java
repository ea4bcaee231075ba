package dev.elbo.device.cuda;

import dev.elbo.graph.CausalAttention;
import dev.elbo.tensor.Shape;
import java.util.List;

/** Launches of attention and of its gradient; in float32, whatever the precision of products. */
final class CausalAttentionLaunch {
  /** Rows of one sequence and head that a block owns. */
  private static final int ROWS_OF_BLOCK = 16;

  private static final int THREADS = 128;

  private CausalAttentionLaunch() {}

  static List<Launch> of(CausalAttention op, Binding b) {
    Shape qkv = b.in(0).shape();
    return List.of(
        b.launch(
            "causal_attention_" + columns(op, qkv),
            grid(op, qkv),
            sizes(op, qkv)
                .add(b.in(0).address(), b.out(0).address(), b.out(1).address())
                .toArray()));
  }

  static List<Launch> backward(CausalAttention op, Binding b) {
    Address dy = b.in(0).address();
    Shape qkv = b.in(1).shape();
    int count = b.in(3).shape().elements();
    Address deltas = b.workspace((long) Float.BYTES * count);
    Object[] arguments =
        sizes(op, qkv)
            .add(dy, b.in(1).address(), b.in(3).address(), deltas, b.out(0).address())
            .toArray();
    return List.of(
        b.launch(
            "causal_attention_deltas",
            new Grid(Math.ceilDiv(count, 8), 1, 1, 256),
            count,
            op.width(qkv),
            dy,
            b.in(2).address(),
            deltas),
        b.launch("causal_attention_backward_queries_" + columns(op, qkv), grid(op, qkv), arguments),
        b.launch("causal_attention_backward_keys_" + columns(op, qkv), grid(op, qkv), arguments));
  }

  /** The columns to which the kernels pad those of a head. */
  private static int columns(CausalAttention op, Shape qkv) {
    int width = op.width(qkv);
    return width <= 32 ? 32 : width <= 64 ? 64 : CausalAttention.MAX_WIDTH;
  }

  private static Grid grid(CausalAttention op, Shape qkv) {
    long sequences = qkv.rows() / op.length();
    long blocks = sequences * op.heads() * Math.ceilDiv(op.length(), ROWS_OF_BLOCK);
    return new Grid(Math.toIntExact(blocks), 1, 1, THREADS);
  }

  private static Arguments sizes(CausalAttention op, Shape qkv) {
    return new Arguments()
        .add(op.heads(), op.length(), op.width(qkv))
        .number(1 / Math.sqrt(op.width(qkv)));
  }
}
