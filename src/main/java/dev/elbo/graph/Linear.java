package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * y = x Wᵀ, one matrix a sample: x [S·B, K], W [S·N, K] gives y [S·B, N], where rows of sample s
 * meet rows s·N..s·N + N - 1 of W.
 *
 * @param samples S; 1 for a deterministic layer
 * @param shared whether x is [B, K], the same for every sample
 */
public record Linear(int samples, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape w = inputs.get(1);
    Check.that(
        samples >= 1 && w.rows() % samples == 0,
        "Linear: weights %s are not %d matrices",
        w,
        samples);
    int rows = outputRows(this, inputs.getFirst(), w.columns(), samples, shared);
    return List.of(Shape.of(rows, w.rows() / samples));
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    Value x = node.input(0);
    Value w = node.input(1);
    return List.of(
        Optional.of(graph.add(new LinearBackwardInput(samples, shared), upstream, w)),
        Optional.of(graph.add(new LinearBackwardWeight(samples, shared), x, upstream)));
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 2L * inputs.get(1).elements() * exampleRows(inputs.getFirst(), samples, shared);
  }

  /** The rows of y for an input of K columns; checks that x has them. */
  static int outputRows(Op op, Shape x, int columns, int samples, boolean shared) {
    Check.that(
        x.columns() == columns,
        "%s: an input %s does not meet weights of %d columns",
        op.name(),
        x,
        columns);
    Check.that(
        shared || x.rows() % samples == 0,
        "%s: the rows of %s are not those of %d samples",
        op.name(),
        x,
        samples);
    return shared ? Math.multiplyExact(samples, x.rows()) : x.rows();
  }

  /** B, the rows that one sample has. */
  static int exampleRows(Shape x, int samples, boolean shared) {
    return shared ? x.rows() : x.rows() / samples;
  }

  /** The shape of dx for a gradient dy [S·B, N]: summed over samples when x is shared. */
  static Shape inputGradient(Op op, Shape dy, int columns, int samples, boolean shared) {
    Check.that(
        dy.rows() % samples == 0,
        "%s: the rows of %s are not those of %d samples",
        op.name(),
        dy,
        samples);
    return Shape.of(shared ? dy.rows() / samples : dy.rows(), columns);
  }

  /** Checks that x and dy belong to the same examples. */
  static void sameExamples(Op op, Shape x, Shape dy, int samples, boolean shared) {
    int rows = shared ? samples * x.rows() : x.rows();
    Check.that(
        dy.rows() == rows && rows % samples == 0,
        "%s: the gradient %s does not have the rows of the input %s",
        op.name(),
        dy,
        x);
  }
}
