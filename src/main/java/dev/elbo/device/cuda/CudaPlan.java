package dev.elbo.device.cuda;

import dev.elbo.graph.Graph;
import dev.elbo.graph.Group;
import dev.elbo.graph.Groups;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What a card would do in a run of a graph, and how long by a model of its cost. It needs no card.
 *
 * <p>The model is a bound from below: rates are those of kernels that do nothing else, and what
 * launches themselves take is not in it.
 *
 * @param steps in the order in which they run
 */
public record CudaPlan(List<Step> steps) {
  public CudaPlan {
    steps = List.copyOf(steps);
  }

  /**
   * The launches of an operation, and of those that are done with its result in its epilogue.
   *
   * @param operation its name, that of the others behind it
   * @param shape of what it computes, or of the parameters that it steps on
   * @param weights where sampled weights come from: "ahead", "in tile", or "" without such
   * @param blocks of the grid of its products; 0 for what spreads evenly
   * @param bytes read and written
   * @param products floating-point operations of matrix products
   * @param normals drawn
   * @param seconds predicted
   * @param bound what bounds them: "memory", "products" or "noise"
   */
  public record Step(
      String operation,
      Shape shape,
      String weights,
      int blocks,
      double bytes,
      double products,
      double normals,
      double seconds,
      String bound) {}

  /** Plans a graph as {@link CudaDevice#compile} does. */
  public static CudaPlan of(Graph graph, CudaOptions options, CardRates rates) {
    Precision precision = options.precision();
    WeightPlan weights = WeightPlan.of(graph, options.weights(), precision, rates);
    List<Step> steps = new ArrayList<>();
    for (Group group : Groups.of(graph, new CudaEpilogues(options.products()))) {
      Node node = group.main();
      if (node.op() instanceof Leaf) {
        continue;
      }
      boolean ahead = weights.of(node).isPresent();
      Cost cost = Cost.of(node, ahead, precision);
      for (Node other : group.nodes().subList(1, group.nodes().size())) {
        cost = cost.plus(Cost.of(other, false, precision).bytes());
      }
      cost = cost.plus(-passed(graph, group));
      steps.add(
          new Step(
              String.join(" ", group.nodes().stream().map(n -> n.op().name()).toList()),
              shape(node),
              ahead ? "ahead" : WeightPlan.noiseOf(node).isPresent() ? "in tile" : "",
              cost.blocks(),
              cost.bytes(),
              cost.products(),
              cost.normals(),
              cost.seconds(rates, precision),
              cost.bound(rates, precision)));
    }
    return new CudaPlan(steps);
  }

  /** Bytes of values that pass from node to node of a group in registers. */
  private static double passed(Graph graph, Group group) {
    double bytes = 0;
    for (Value value : group.nodes().stream().flatMap(n -> n.outputs().stream()).toList()) {
      List<Node> readers = graph.nodes().stream().filter(n -> n.inputs().contains(value)).toList();
      long inside = readers.stream().filter(group.nodes()::contains).count();
      boolean stored = inside < readers.size() || graph.outputs().containsValue(value);
      if (inside > 0) {
        bytes += 4.0 * value.shape().elements() * (inside + (stored ? 0 : 1));
      }
    }
    return bytes;
  }

  private static Shape shape(Node node) {
    List<Integer> written = node.op().writes(node.inputs().size());
    return written.isEmpty() ? node.output(0).shape() : node.inputShapes().get(written.getFirst());
  }

  /** Predicted, of all steps. */
  public double seconds() {
    return steps.stream().mapToDouble(Step::seconds).sum();
  }
}
