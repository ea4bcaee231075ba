package dev.elbo.device.cuda;

import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which sampled weights are kept from step to step: the fused update of a step writes those of the
 * next ("ahead"), and the products read them instead of drawing them in their tiles.
 *
 * <p>Both give the same bits. Ahead reads and writes the operand type once a sample where in-tile
 * reads mu and log_sigma and draws; so it wins for few samples, and needs the memory.
 */
record WeightPlan(List<Kept> kept) {
  /** From this many samples on, W's bytes cost more than drawing it in the tiles. */
  private static final int MANY_SAMPLES = 3;

  /**
   * Weights that are kept.
   *
   * @param update the node that writes those of the next step
   * @param readers the nodes that read those of this step
   * @param noise where their noise comes from
   * @param mu their means [N, K]
   * @param logSigma their scales
   */
  record Kept(Node update, List<Node> readers, NoiseSite noise, Value mu, Value logSigma) {
    /** Elements of W: those of mu, for each sample. */
    long elements() {
      return (long) noise.samples() * mu.shape().elements();
    }
  }

  /** Plans a graph: only what a fused update of the same graph steps can be kept. */
  static WeightPlan of(Graph graph, Weights choice) {
    List<Kept> kept = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof FusedUpdate update
          && update.gradient() instanceof VariationalLinearBackwardWeight gradient
          && isAhead(gradient.noise(), choice)) {
        int mu = update.mu(node.inputs().size());
        kept.add(kept(graph, node, gradient.noise(), node.input(mu), node.input(mu + 1)));
      }
    }
    return new WeightPlan(List.copyOf(kept));
  }

  private static boolean isAhead(NoiseSite noise, Weights choice) {
    return switch (choice) {
      case AUTO -> noise.samples() < MANY_SAMPLES;
      case IN_TILE -> false;
      case AHEAD -> true;
    };
  }

  private static Kept kept(Graph graph, Node update, NoiseSite noise, Value mu, Value logSigma) {
    List<Node> readers =
        graph.nodes().stream()
            .filter(n -> noiseOf(n).equals(Optional.of(noise)))
            .filter(n -> n.inputs().subList(1, 3).equals(List.of(mu, logSigma)))
            .toList();
    return new Kept(update, readers, noise, mu, logSigma);
  }

  /** The noise of a product that can read weights that are kept. */
  private static Optional<NoiseSite> noiseOf(Node node) {
    return switch (node.op()) {
      case VariationalLinear op -> Optional.of(op.noise());
      case VariationalLinearBackwardInput op -> Optional.of(op.noise());
      default -> Optional.empty();
    };
  }

  /** The kept weights that a node reads or writes. */
  Optional<Kept> of(Node node) {
    return kept.stream()
        .filter(k -> k.update().equals(node) || k.readers().contains(node))
        .findFirst();
  }
}
