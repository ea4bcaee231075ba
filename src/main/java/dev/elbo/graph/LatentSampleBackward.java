package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * dmean = dz and dlog_sigma = dz·sigma·eps, summed over samples where they share the inputs. Inputs
 * (dz [S·B, D], log_sigma), results (dmean, dlog_sigma) of the shape of log_sigma.
 */
public record LatentSampleBackward(NoiseSite noise, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape dz = inputs.getFirst();
    Shape logSigma = inputs.get(1);
    int rows = shared ? noise.samples() * logSigma.rows() : logSigma.rows();
    Check.that(
        dz.equals(Shape.of(rows, logSigma.columns())),
        "LatentSampleBackward: the gradient %s is not that of %d samples of %s",
        dz,
        noise.samples(),
        logSigma);
    return List.of(logSigma, logSigma);
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 18L * inputs.getFirst().elements();
  }
}
