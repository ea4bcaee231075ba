package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * The gradient of {@link Embedding} with respect to its table: each row is the sum, in a fixed
 * order, of the rows of dy whose token it is. Inputs (dy [S·R, D], tokens), result [S·V, D].
 *
 * @param vocabulary V, the rows of a table
 */
public record EmbeddingBackward(int samples, boolean shared, int vocabulary) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape dy = inputs.getFirst();
    int rows = Embedding.rows(this, inputs.get(1), samples, shared);
    Check.that(dy.rows() == rows, "EmbeddingBackward: gradient %s does not have %d rows", dy, rows);
    return List.of(Shape.of(Math.multiplyExact(samples, vocabulary), dy.columns()));
  }

  @Override
  public long flops(List<Shape> inputs) {
    return inputs.getFirst().elements();
  }
}
