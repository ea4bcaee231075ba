package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a learned table, one table a sample: y[s·R + r] = table[s·V + tokens[r]]. Inputs
 * (table [S·V, D], the tokens of the rows, whole numbers from 0 to V - 1), result [S·R, D]. The
 * tokens have no gradient.
 *
 * @param samples S; 1 for a deterministic table
 * @param shared whether there are R tokens, the same for every sample; otherwise there are S·R
 */
public record Embedding(int samples, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape table = inputs.getFirst();
    Check.that(
        samples >= 1 && table.rows() % samples == 0,
        "Embedding: %s does not hold %d tables",
        table,
        samples);
    int vocabulary = table.rows() / samples;
    Check.that(
        vocabulary <= Rearrangement.GatherRows.MAX_ROWS,
        "Embedding: the table has %d rows, float32 numbers them to %d",
        vocabulary,
        Rearrangement.GatherRows.MAX_ROWS);
    return List.of(Shape.of(rows(this, inputs.get(1), samples, shared), table.columns()));
  }

  /** S·R, the rows of the result. */
  static int rows(Op op, Shape tokens, int samples, boolean shared) {
    Check.that(
        shared || tokens.elements() % samples == 0,
        "%s: the tokens %s are not those of %d samples",
        op.name(),
        tokens,
        samples);
    return shared ? Math.multiplyExact(samples, tokens.elements()) : tokens.elements();
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    int vocabulary = node.input(0).shape().rows() / samples;
    EmbeddingBackward backward = new EmbeddingBackward(samples, shared, vocabulary);
    return List.of(Optional.of(graph.add(backward, upstream, node.input(1))), Optional.empty());
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 0;
  }
}
