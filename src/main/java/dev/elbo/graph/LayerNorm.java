package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Layer normalisation (Ba et al. 2016): y = (x - mean) · rstd · gamma + beta with the mean of each
 * row and rstd = 1 / sqrt(variance + epsilon), the variance over the row's N elements.
 *
 * <p>Inputs (x [R, N], gamma, beta, each [N] or [G, N]), where row r takes row r / (R/G) of gamma
 * and beta: one of them for all rows, or one a sample. Results (y [R, N], mean [R, 1], rstd [R,
 * 1]).
 */
public record LayerNorm(double epsilon) implements Op {
  public LayerNorm {
    Check.that(epsilon > 0, "the epsilon of layer normalisation must be positive, got %s", epsilon);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 3);
    Shape x = inputs.getFirst();
    Shape gamma = inputs.get(1);
    fits(this, x, gamma);
    Check.that(
        gamma.equals(inputs.get(2)),
        "LayerNorm: gamma %s and beta %s have different shapes",
        gamma,
        inputs.get(2));
    Shape statistic = Shape.of(x.rows(), 1);
    return List.of(x, statistic, statistic);
  }

  /** Checks that gamma has a row for each group of rows of x. */
  static void fits(Op op, Shape x, Shape gamma) {
    Check.that(
        x.columns() == gamma.columns() && x.rows() % gamma.rows() == 0,
        "%s: gamma %s does not fit rows %s",
        op.name(),
        gamma,
        x);
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    List<Value> d =
        graph.addAll(
            new LayerNormBackward(),
            List.of(upstream, node.input(0), node.input(1), node.output(1), node.output(2)));
    return d.stream().map(Optional::of).toList();
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 8L * inputs.getFirst().elements();
  }
}
