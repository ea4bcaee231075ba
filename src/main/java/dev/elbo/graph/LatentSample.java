package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * z = mean + exp(log_sigma)·eps, a draw of its own for every example and sample: the
 * reparameterised latent variables of an encoder (Kingma and Welling 2014, section 2.4). Inputs
 * (mean, log_sigma) [B, D] when shared by all samples, else [S·B, D]; result [S·B, D]. Dimension d
 * of example b has the linear index b·D + d in its sample.
 *
 * @param noise the site of eps, and S
 * @param shared whether the inputs are the same for every sample
 */
public record LatentSample(NoiseSite noise, boolean shared) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape mean = inputs.getFirst();
    Gaussians.same(this, mean, inputs.get(1));
    Check.that(
        shared || mean.rows() % noise.samples() == 0,
        "LatentSample: the rows of %s are not those of %d samples",
        mean,
        noise.samples());
    int rows = shared ? Math.multiplyExact(noise.samples(), mean.rows()) : mean.rows();
    return List.of(Shape.of(rows, mean.columns()));
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    List<Value> d =
        graph.addAll(new LatentSampleBackward(noise, shared), List.of(upstream, node.input(1)));
    return List.of(Optional.of(d.get(0)), Optional.of(d.get(1)));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 18L * inputs.getFirst().elements() * (shared ? noise.samples() : 1);
  }
}
