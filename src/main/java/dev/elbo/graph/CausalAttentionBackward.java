package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * The gradient of {@link CausalAttention}: with p = exp(q kᵀ / sqrt(d) - log-sum-exp), ds = p · (dy
 * vᵀ - rowsum(dy · y)): dv = pᵀ dy, dq = ds k / sqrt(d), dk = dsᵀ q / sqrt(d) (Dao et al. 2022,
 * algorithm 4). Inputs (dy [R, D], qkv [R, 3·D], y [R, D], log-sum-exp [R, heads]), result like
 * qkv.
 */
public record CausalAttentionBackward(CausalAttention forward) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 4);
    Shape qkv = inputs.get(1);
    List<Shape> results = forward.outputShapes(List.of(qkv));
    Check.that(
        inputs.get(0).equals(results.get(0))
            && inputs.get(2).equals(results.get(0))
            && inputs.get(3).equals(results.get(1)),
        "CausalAttentionBackward: gradient %s, result %s and log-sum-exp %s for an input %s",
        inputs.get(0),
        inputs.get(2),
        inputs.get(3),
        qkv);
    return List.of(qkv);
  }

  @Override
  public long flops(List<Shape> inputs) {
    Shape qkv = inputs.get(1);
    long scores = (long) qkv.rows() * forward.heads() * (forward.length() + 1) / 2;
    return scores * (10L * forward.width(qkv) + 12);
  }
}
