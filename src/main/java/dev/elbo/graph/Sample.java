package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * W = mu + sigma·eps with sigma = exp(log_sigma), stored: the reparameterised draw (Kingma and
 * Welling 2014, section 2.4). Inputs (mu, log_sigma).
 *
 * <p>Matrices [N, K] draw by quads and give [S·N, K]. Vectors [N] draw linearly and give [S·copies,
 * N]; element n of copy c has the linear index c·N + n, so that every example of a batch can have a
 * draw of its own.
 *
 * @param copies independent draws a sample, 1 for matrices
 */
public record Sample(NoiseSite noise, int copies) implements Op {
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 2);
    Shape mu = inputs.getFirst();
    Gaussians.same(this, mu, inputs.get(1));
    Check.that(
        copies >= 1 && (mu.rank() == 1 || copies == 1),
        "Sample: %d copies of a tensor %s",
        copies,
        mu);
    int draws = Math.multiplyExact(noise.samples(), copies);
    return List.of(Shape.of(Math.multiplyExact(draws, mu.rows()), mu.columns()));
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    List<Value> d =
        graph.addAll(
            new WeightGradient.SampleBackward(noise, copies),
            List.of(upstream, node.input(0), node.input(1)));
    return List.of(Optional.of(d.get(0)), Optional.of(d.get(1)));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 18L * noise.samples() * copies * inputs.getFirst().elements();
  }
}
