package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The lower triangular L with positive diagonal of a covariance L·Lᵀ: L_ij = a_ij below the
 * diagonal, exp(log_diagonal_i) on it, 0 above. Inputs (a [D, D], log_diagonal [D]), result [D, D];
 * the rest of a is not looked at.
 */
public record CholeskyFactor() implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape a = inputs.getFirst();
    Check.that(
        a.rank() == 2 && a.rows() == a.columns() && inputs.get(1).equals(Shape.of(a.rows())),
        "CholeskyFactor: %s and a diagonal %s are no square matrix",
        a,
        inputs.get(1));
    return List.of(a);
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    List<Value> d = graph.addAll(new CholeskyFactorBackward(), List.of(upstream, node.input(1)));
    return List.of(Optional.of(d.get(0)), Optional.of(d.get(1)));
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 8L * inputs.get(1).elements();
  }
}
