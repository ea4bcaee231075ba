package dev.elbo.device.cuda;

import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.Update;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.WeightGradient.FlipoutLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.LocalLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.List;

/**
 * Launches of the weight gradient, divergence and optimizer step in one pass over the weights, and
 * of the second stage of the divergence's sum.
 */
final class FusedUpdateLaunch {
  private static final int MOST_STATE = 4;

  private final FusedUpdate op;
  private final Binding b;
  private final int mu;

  private FusedUpdateLaunch(FusedUpdate op, Binding b) {
    this.op = op;
    this.b = b;
    this.mu = op.mu(b.inputs().size());
  }

  static List<Launch> of(FusedUpdate op, Binding b) {
    return new FusedUpdateLaunch(op, b).launches();
  }

  private List<Launch> launches() {
    return switch (op.gradient()) {
      case VariationalLinearBackwardWeight naive -> naive(naive);
      case LocalLinearBackwardWeight local -> local(local);
      case FlipoutLinearBackwardWeight flipout -> flipout(flipout.forward());
      case SampleBackward sample -> sample(sample);
    };
  }

  private List<Launch> naive(VariationalLinearBackwardWeight gradient) {
    Layer layer = layer(gradient.noise().samples(), gradient.shared());
    Arguments arguments = layer(layer).site(b.run(), gradient.noise()).add(in(0), in(1));
    return tiles(layer, "fused_variational_linear", arguments, b.weight());
  }

  private List<Launch> local(LocalLinearBackwardWeight gradient) {
    Layer layer = layer(gradient.noise().samples(), gradient.shared());
    Arguments arguments = layer(layer).site(b.run(), gradient.noise()).add(in(0), in(1), in(2));
    return tiles(layer, "fused_local_linear", arguments);
  }

  private List<Launch> flipout(FlipoutLinear forward) {
    Layer layer = layer(forward.noise().samples(), forward.shared());
    Arguments arguments =
        layer(layer)
            .add(b.run(), forward.noise().site(), forward.inputSigns(), forward.outputSigns())
            .add(forward.noise().antithetic() ? 1 : 0, in(0), in(1));
    return tiles(layer, "fused_flipout_linear", arguments);
  }

  private List<Launch> sample(SampleBackward gradient) {
    FourWeights four = FourWeights.of(b.in(mu).shape());
    Arguments arguments =
        new Arguments()
            .site(b.run(), gradient.noise())
            .add(gradient.noise().samples(), gradient.copies())
            .weights(four)
            .add(in(0));
    return launches("fused_sample", four.grid(), arguments);
  }

  /** An input of the weight gradient. */
  private Address in(int position) {
    return b.in(FusedUpdate.GRADIENT + position).address();
  }

  private Layer layer(int samples, boolean shared) {
    return Layer.of(b.in(FusedUpdate.GRADIENT + 1), b.in(mu).shape().columns(), samples, shared);
  }

  private static Arguments layer(Layer layer) {
    return new Arguments()
        .add(layer.samples(), layer.examples(), layer.inputs(), layer.outputs())
        .add(layer.shared() ? 1 : 0);
  }

  private List<Launch> tiles(Layer layer, String kernel, Arguments arguments, Object... last) {
    Grid grid = Grid.ofTiles(1, layer.outputs(), layer.inputs());
    return launches(kernel + b.precision().suffix(), grid, arguments, last);
  }

  /** Adds to the gradient's arguments those of everything else. */
  private List<Launch> launches(String kernel, Grid grid, Arguments arguments, Object... last) {
    Address upstream = b.in(FusedUpdate.UPSTREAM).address();
    Address sums = DivergenceLaunch.sums(b, grid);
    arguments
        .add(b.in(Update.GUARD).address(), b.in(Update.LEARNING_RATE).address(), upstream)
        .add(b.in(mu).address(), b.in(mu + 1).address());
    int state = op.state(b.inputs().size());
    for (int i = state; i < state + MOST_STATE; i++) {
      arguments.add(i < b.inputs().size() ? b.in(i).address() : new Address());
    }
    RuleArguments.add(arguments, op.rule(), b.scalesFollow());
    PriorArguments.add(arguments, op.divergence(), b, mu + 2).add(sums).add(last);
    Address dPrior = op.divergence().priorParameters() == 0 ? new Address() : b.out(1).address();
    return List.of(
        b.launch(kernel, grid, arguments.toArray()),
        DivergenceLaunch.total(b, grid, sums, upstream, b.out(0).address(), dPrior));
  }
}
