package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Multi-head causal self-attention (Vaswani et al. 2017): in each sequence and head, y = softmax(q
 * kᵀ / sqrt(d)) v, where a row sees itself and the rows before it. The scores are formed tile by
 * tile with an online softmax (Milakov and Gimelshein 2018; Dao et al. 2022) and never stored.
 *
 * <p>Input [R, 3·D]: the columns of q, k and v side by side, each with D = heads·d columns, head by
 * head; every T rows are a sequence. Results (y [R, D], the logarithm of each row's sum of
 * exponentials [R, heads], from which the backward pass has the probabilities again).
 *
 * @param heads the heads
 * @param length T, the rows of a sequence
 */
public record CausalAttention(int heads, int length) implements Op {
  /** The widest head: a tile of one fits the shared memory of a block and the caches of a core. */
  public static final int MAX_WIDTH = 128;

  public CausalAttention {
    Check.that(heads >= 1, "attention needs at least one head, got %d", heads);
    Check.that(length >= 1, "a sequence needs at least one row, got %d", length);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 1);
    Shape qkv = inputs.getFirst();
    Check.that(
        qkv.columns() % (3 * heads) == 0,
        "CausalAttention: the columns of %s are not q, k and v of %d heads",
        qkv,
        heads);
    Check.that(
        width(qkv) <= MAX_WIDTH,
        "CausalAttention: heads of %d columns are wider than %d",
        width(qkv),
        MAX_WIDTH);
    Check.that(
        qkv.rows() % length == 0,
        "CausalAttention: the rows of %s are not sequences of %d",
        qkv,
        length);
    return List.of(Shape.of(qkv.rows(), qkv.columns() / 3), Shape.of(qkv.rows(), heads));
  }

  /** d, the columns of a head. */
  public int width(Shape qkv) {
    return qkv.columns() / (3 * heads);
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    Value dqkv =
        graph.add(
            new CausalAttentionBackward(this),
            upstream,
            node.input(0),
            node.output(0),
            node.output(1));
    return List.of(Optional.of(dqkv));
  }

  /** Two products of half a length² times d, and an exponential a score. */
  @Override
  public long flops(List<Shape> inputs) {
    long scores = (long) inputs.getFirst().rows() * heads * (length + 1) / 2;
    return scores * (4L * width(inputs.getFirst()) + 10);
  }
}
