package dev.elbo.device.cuda;

import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which sampled weights are kept from step to step: the fused update of a step writes those of the
 * next ("ahead"), and the products read them instead of drawing them in their tiles.
 *
 * <p>Both give the same bits. Ahead reads and writes the operand type once a sample where in-tile
 * reads mu and log_sigma once and draws for every 64 examples; so it wins for few samples and for
 * many examples, and needs the memory. {@link Cost} decides.
 */
record WeightPlan(List<Kept> kept) {
  /**
   * Weights that are kept.
   *
   * @param update the node that writes those of the next step
   * @param readers the nodes that read those of this step
   * @param noise where their noise comes from
   * @param mu their means [N, K]
   * @param logSigma their scales
   * @param scalesFollow whether the update may leave the scales to follow from IVON's Hessian
   *     ({@link FollowingScales}): nothing else reads them
   */
  record Kept(
      Node update,
      List<Node> readers,
      NoiseSite noise,
      Value mu,
      Value logSigma,
      boolean scalesFollow) {
    /** Elements of W: those of mu, for each sample. */
    long elements() {
      return (long) noise.samples() * mu.shape().elements();
    }
  }

  /**
   * Plans a graph: only what a fused update of the same graph steps can be kept.
   *
   * @param rates what AUTO reckons with
   */
  static WeightPlan of(Graph graph, Weights choice, Precision precision, CardRates rates) {
    List<Kept> kept = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof FusedUpdate update
          && update.gradient() instanceof VariationalLinearBackwardWeight gradient) {
        int mu = update.mu(node.inputs().size());
        Kept each = kept(graph, node, gradient.noise(), node.input(mu), node.input(mu + 1));
        if (isAhead(each, choice, precision, rates)) {
          kept.add(each);
        }
      }
    }
    return new WeightPlan(List.copyOf(kept));
  }

  private static boolean isAhead(Kept each, Weights choice, Precision precision, CardRates rates) {
    return switch (choice) {
      case AUTO ->
          // As fast is not enough: drawing needs no memory.
          seconds(each, true, precision, rates) < seconds(each, false, precision, rates);
      case IN_TILE -> false;
      case AHEAD -> true;
    };
  }

  private static double seconds(Kept each, boolean ahead, Precision precision, CardRates rates) {
    return Stream.concat(Stream.of(each.update), each.readers.stream())
        .mapToDouble(node -> Cost.of(node, ahead, precision).seconds(rates, precision))
        .sum();
  }

  private static Kept kept(Graph graph, Node update, NoiseSite noise, Value mu, Value logSigma) {
    List<Node> readers =
        graph.nodes().stream()
            .filter(n -> noiseOf(n).equals(Optional.of(noise)))
            .filter(n -> n.inputs().subList(1, 3).equals(List.of(mu, logSigma)))
            .toList();
    return new Kept(
        update, readers, noise, mu, logSigma, scalesFollow(graph, update, readers, logSigma));
  }

  private static boolean scalesFollow(
      Graph graph, Node update, List<Node> readers, Value logSigma) {
    if (!(update.op() instanceof FusedUpdate op && op.rule() instanceof StepRule.Ivon)) {
      return false;
    }
    Value hessian = update.input(op.state(update.inputs().size()) + 1);
    return graph.nodes().stream()
        .filter(node -> !node.equals(update) && !readers.contains(node))
        .noneMatch(node -> node.inputs().contains(logSigma) || node.inputs().contains(hessian));
  }

  /** The noise of a product that can read weights that are kept. */
  static Optional<NoiseSite> noiseOf(Node node) {
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
