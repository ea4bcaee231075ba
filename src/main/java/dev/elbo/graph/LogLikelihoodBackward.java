package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients of a log-likelihood with respect to all its inputs but the targets; inputs (the
 * upstream gradient [S·B, 1], then those of the log-likelihood).
 */
public record LogLikelihoodBackward(LogLikelihood likelihood) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.that(inputs.size() >= 3, "%s takes at least 3 inputs", name());
    List<Shape> forward = inputs.subList(1, inputs.size());
    Shape upstream = likelihood.outputShapes(forward).getFirst();
    Check.that(
        inputs.getFirst().equals(upstream),
        "%s: gradient %s, not %s",
        name(),
        inputs.getFirst(),
        upstream);
    return new ArrayList<>(forward.subList(0, likelihood.parameters()));
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 20L * inputs.get(1).elements();
  }
}
