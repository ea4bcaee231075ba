package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * log det of the symmetric part (A + Aᵀ)/2 of A [D, D], by its Cholesky factor in double precision.
 * Not a number where it is not positive definite. It is for small matrices: one thread or one block
 * does all.
 */
public record LogDeterminant() implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 1);
    square(this, inputs.getFirst());
    return List.of(Shape.SCALAR);
  }

  static void square(Op op, Shape a) {
    Check.that(a.rank() == 2 && a.rows() == a.columns(), "%s: %s is not square", op.name(), a);
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    Value da = graph.add(new LogDeterminantBackward(), node.input(0), upstream);
    return List.of(Optional.of(da));
  }

  @Override
  public long flops(List<Shape> inputs) {
    long n = inputs.getFirst().rows();
    return n * n * n / 3 + 10 * n;
  }
}
