package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * y = x W_sᵀ with W_s = mu + sigma·eps_s drawn while multiplying and never stored. Inputs (x [S·B,
 * K] or shared [B, K], mu [N, K], log_sigma [N, K]), result [S·B, N].
 *
 * <p>The naive reparameterisation of Bayes by Backprop (Blundell et al. 2015, section 3.2): all
 * examples of a batch share the draw. The unfused composition is {@link Sample}, {@link Linear}.
 */
public record VariationalLinear(NoiseSite noise, boolean shared) implements Op {
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
    Value dx = graph.add(new VariationalLinearBackwardInput(noise, shared), upstream, mu, logSigma);
    List<Value> d =
        graph.addAll(
            new WeightGradient.VariationalLinearBackwardWeight(noise, shared),
            List.of(node.input(0), upstream, mu, logSigma));
    return List.of(Optional.of(dx), Optional.of(d.get(0)), Optional.of(d.get(1)));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    return flops(
        noise, inputs.get(1), Linear.exampleRows(inputs.getFirst(), noise.samples(), shared));
  }

  /** Multiplications of B rows with S sampled matrices, and their sampling. */
  static long flops(NoiseSite noise, Shape mu, int exampleRows) {
    return noise.samples() * (long) mu.elements() * (2L * exampleRows + 18);
  }
}
