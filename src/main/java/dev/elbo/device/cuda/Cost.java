package dev.elbo.device.cuda;

import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * What the launches of a node have to do at least.
 *
 * <p>Each value moves between memory and the card once: tiles that read it again find it in the
 * second-level cache. Weights that are drawn in the tiles are drawn again for every 64 examples.
 * The noise of an antithetic pair is drawn once for both samples: for weights that are kept, and
 * with bfloat16 operands in tiles and gradients too. The parts of split sums are counted nowhere:
 * they are read where they were written, in that cache.
 *
 * @param bytes read and written
 * @param products floating-point operations of matrix products
 * @param normals drawn
 * @param blocks among which the work is spread; 0 where it spreads evenly
 */
record Cost(double bytes, double products, double normals, int blocks) {
  private static final int MU_AND_LOG_SIGMA = 8;

  /**
   * The cost of a node.
   *
   * @param ahead whether the sampled weights that it reads are kept, and those that it steps on are
   *     left for the next step
   */
  static Cost of(Node node, boolean ahead, Precision precision) {
    List<Shape> in = node.inputShapes();
    return switch (node.op()) {
      case VariationalLinear op -> {
        Layer layer = layer(op.noise(), in.get(1), node.output(0).shape(), op.shared());
        boolean pairs = VariationalLinearLaunch.inPairs(op.noise(), precision);
        yield product(node, layer, layer.forwardSplit(), ahead, pairs, precision);
      }
      case VariationalLinearBackwardInput op -> {
        Layer layer = layer(op.noise(), in.get(1), in.getFirst(), op.shared());
        boolean pairs = VariationalLinearLaunch.inPairs(op, precision);
        yield product(node, layer, layer.backwardInputSplit(), ahead, pairs, precision);
      }
      case FusedUpdate op
          when op.gradient() instanceof VariationalLinearBackwardWeight gradient -> {
        Shape mu = in.get(op.mu(in.size()));
        Layer layer = layer(gradient.noise(), mu, in.get(FusedUpdate.GRADIENT + 1), false);
        double drawn = (double) layer.samples() * mu.elements();
        double pairs = gradient.noise().antithetic() ? drawn / 2 : drawn;
        boolean paired = VariationalLinearLaunch.inPairs(gradient.noise(), precision);
        // IVON's log_sigma, read and written, where it is left to follow from the Hessian.
        double following = ahead && op.rule() instanceof StepRule.Ivon ? 8.0 * mu.elements() : 0;
        double normals = paired ? pairs : drawn;
        yield new Cost(
            op.bytes(in) - following + (ahead ? precision.bytes() * drawn : 0),
            2 * drawn * layer.examples(),
            ahead ? normals + pairs : normals,
            Grid.ofTiles(1, layer.outputs(), layer.inputs()).x());
      }
      case Linear op -> multiplied(node);
      case LinearBackwardInput op -> multiplied(node);
      case LinearBackwardWeight op -> multiplied(node);
      case LocalLinear op -> multiplied(node);
      case LocalLinearBackwardInput op -> multiplied(node);
      case FlipoutLinear op -> multiplied(node);
      case FlipoutLinearBackwardInput op -> multiplied(node);
      case WeightGradient op -> multiplied(node);
      case FusedUpdate op -> multiplied(node);
      default -> new Cost(node.op().bytes(in), 0, 0, 0);
    };
  }

  private static Layer layer(NoiseSite noise, Shape mu, Shape y, boolean shared) {
    int samples = noise.samples();
    return new Layer(samples, y.rows() / samples, mu.columns(), mu.rows(), shared);
  }

  private static Cost product(
      Node node, Layer layer, SplitK split, boolean ahead, boolean pairs, Precision precision) {
    long activations = 4L * (node.input(0).shape().elements() + node.output(0).shape().elements());
    double weights = (double) layer.inputs() * layer.outputs();
    double drawn = layer.samples() * weights;
    SplitK blocks = pairs && !ahead ? split.inPairs() : split;
    return new Cost(
        activations + (ahead ? precision.bytes() * drawn : MU_AND_LOG_SIGMA * weights),
        2 * drawn * layer.examples(),
        ahead ? 0 : (pairs ? drawn / 2 : drawn) * Math.ceilDiv(layer.examples(), Grid.TILE),
        blocks.blocks());
  }

  /** That of products whose noise costs little beside them. */
  private static Cost multiplied(Node node) {
    List<Shape> in = node.inputShapes();
    return new Cost(node.op().bytes(in), node.op().flops(in), 0, 0);
  }

  /** The same with so many more bytes. */
  Cost plus(double more) {
    return new Cost(bytes + more, products, normals, blocks);
  }

  /**
   * The time, by what bounds it: memory, products and noise overlap at best, and where there are
   * fewer blocks than multiprocessors the others idle. What a launch itself takes is not in it.
   */
  double seconds(CardRates rates, Precision precision) {
    double busy = blocks == 0 ? 1 : Math.min(1, (double) blocks / rates.multiprocessors());
    double computing = Math.max(multiplying(rates, precision), drawing(rates));
    return Math.max(moving(rates), computing) / busy;
  }

  /** What bounds the time. */
  String bound(CardRates rates, Precision precision) {
    double multiplying = multiplying(rates, precision);
    if (moving(rates) >= Math.max(multiplying, drawing(rates))) {
      return "memory";
    }
    return multiplying >= drawing(rates) ? "products" : "noise";
  }

  private double moving(CardRates rates) {
    return bytes / rates.copy();
  }

  private double multiplying(CardRates rates, Precision precision) {
    return products / rates.products(precision);
  }

  private double drawing(CardRates rates) {
    return normals / rates.normals();
  }
}
