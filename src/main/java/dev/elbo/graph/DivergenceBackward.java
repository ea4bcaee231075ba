package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * The gradients of a divergence with respect to all its inputs; inputs (the upstream gradient, a
 * scalar, then those of the divergence).
 */
public record DivergenceBackward(Divergence divergence) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.that(inputs.size() >= 3, "%s takes at least 3 inputs", name());
    List<Shape> forward = inputs.subList(1, inputs.size());
    divergence.outputShapes(forward);
    Check.that(
        inputs.getFirst().equals(Shape.SCALAR),
        "%s: gradient %s is no scalar",
        name(),
        inputs.getFirst());
    return List.copyOf(forward);
  }

  @Override
  public boolean drawn() {
    return divergence.drawn();
  }

  @Override
  public long flops(List<Shape> inputs) {
    return divergence.flops(inputs.subList(1, inputs.size()));
  }
}
