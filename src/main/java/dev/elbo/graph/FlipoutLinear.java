package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Flipout (Wen et al. 2018, section 3.1): y = x muᵀ + ((x·r) (sigma·eps)ᵀ)·t with random signs r
 * [B, K] and t [B, N], which decorrelate the examples that share the draw eps. Inputs (x [S·B, K]
 * or shared [B, K], mu [N, K], log_sigma [N, K]), result [S·B, N].
 *
 * @param noise where eps comes from (quads)
 * @param inputSigns the site of r, linear index b·K + k
 * @param outputSigns the site of t, linear index b·N + n
 */
public record FlipoutLinear(NoiseSite noise, int inputSigns, int outputSigns, boolean shared)
    implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 3);
    Shape mu = inputs.get(1);
    Gaussians.sameMatrix(this, mu, inputs.get(2));
    int rows = Linear.outputRows(this, inputs.getFirst(), mu.columns(), noise.samples(), shared);
    return List.of(Shape.of(rows, mu.rows()));
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    Value mu = node.input(1);
    Value logSigma = node.input(2);
    Value dx = graph.add(new FlipoutLinearBackwardInput(this), upstream, mu, logSigma);
    List<Value> d =
        graph.addAll(
            new WeightGradient.FlipoutLinearBackwardWeight(this),
            List.of(node.input(0), upstream, mu, logSigma));
    return List.of(Optional.of(dx), Optional.of(d.get(0)), Optional.of(d.get(1)));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    int rows = Linear.exampleRows(inputs.getFirst(), noise.samples(), shared);
    return flops(inputs.get(1), rows);
  }

  /** Two multiplications of B rows a sample, and the sampling. */
  long flops(Shape mu, int exampleRows) {
    return noise.samples() * (long) mu.elements() * (4L * exampleRows + 17);
  }
}
