package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Local reparameterisation (Kingma, Salimans and Welling 2015, section 2.3): y = x muᵀ + std·eps,
 * std² = x² (sigma²)ᵀ, with eps drawn linearly at index b·N + n, so that every example has noise of
 * its own. Inputs (x [S·B, K] or shared [B, K], mu [N, K], log_sigma [N, K]), results (y [S·B, N],
 * std, of the rows of x).
 */
public record LocalLinear(NoiseSite noise, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 3);
    Shape x = inputs.getFirst();
    Shape mu = inputs.get(1);
    Gaussians.sameMatrix(this, mu, inputs.get(2));
    int rows = Linear.outputRows(this, x, mu.columns(), noise.samples(), shared);
    return List.of(Shape.of(rows, mu.rows()), Shape.of(x.rows(), mu.rows()));
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    Value x = node.input(0);
    Value mu = node.input(1);
    Value logSigma = node.input(2);
    Value std = node.output(1);
    Value dx =
        graph.add(new LocalLinearBackwardInput(noise, shared), upstream, std, x, mu, logSigma);
    List<Value> d =
        graph.addAll(
            new WeightGradient.LocalLinearBackwardWeight(noise, shared),
            List.of(x, upstream, std, mu, logSigma));
    return List.of(Optional.of(dx), Optional.of(d.get(0)), Optional.of(d.get(1)));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    long rows = inputs.getFirst().rows();
    long outputs = noise.samples() * rows * inputs.get(1).rows();
    return 4L * rows * inputs.get(1).elements() + 18 * outputs;
  }
}
