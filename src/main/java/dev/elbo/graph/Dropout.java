package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * y = x · mask / (1 - p): each element is 0 with probability p, independently (Srivastava et al.
 * 2014). x is [S·B, N], sample by sample; element (b, n) of sample s is kept where the 32 bits at
 * its linear index b·N + n are at least p·2³². The mask is not stored: the gradient draws it again.
 *
 * @param noise the site of the masks, and S
 * @param probability p, in (0, 1)
 */
public record Dropout(NoiseSite noise, double probability) implements Op {
  public Dropout {
    Check.that(
        probability > 0 && probability < 1,
        "the dropout probability must be in (0, 1), got %s",
        probability);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, 1);
    Shape x = inputs.getFirst();
    Check.that(
        x.rows() % noise.samples() == 0,
        "Dropout: the rows of %s are not those of %d samples",
        x,
        noise.samples());
    return List.of(x);
  }

  @Override
  public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    return List.of(Optional.of(graph.add(this, upstream)));
  }

  @Override
  public boolean drawn() {
    return true;
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 10L * inputs.getFirst().elements();
  }

  /** p·2³²: an element whose bits, as an unsigned number, are below it is dropped. */
  public long threshold() {
    return Math.min((1L << 32) - 1, (long) Math.ceil(probability * 0x1p32));
  }
}
