package dev.elbo.layer;

import dev.elbo.graph.CausalAttention;
import dev.elbo.graph.Value;
import java.util.List;

/**
 * Multi-head causal self-attention between a projection to queries, keys and values and one of the
 * result (Vaswani et al. 2017, section 3.2): every T rows are a sequence, and each row sees itself
 * and those before it.
 *
 * @param heads the heads, which share the columns in equal parts
 * @param length T
 * @param input from N columns to 3·N: the queries, keys and values
 * @param output of the N columns of the result
 */
public record SelfAttention(int heads, int length, Layer input, Layer output) implements Layer {
  @Override
  public Value build(NetworkBuilder builder, Value x) {
    Value qkv = builder.within("input", input, x);
    Value y = builder.graph().addAll(new CausalAttention(heads, length), List.of(qkv)).getFirst();
    return builder.within("output", output, y);
  }
}
