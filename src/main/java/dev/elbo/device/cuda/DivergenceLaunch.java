package dev.elbo.device.cuda;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.DivergenceBackward;
import java.util.List;

/** Launches of divergences and their gradients. */
final class DivergenceLaunch {
  private DivergenceLaunch() {}

  static List<Launch> of(Divergence op, Binding b) {
    FourWeights four = FourWeights.of(b.in(0).shape());
    Address sums = sums(b, four.grid());
    Arguments arguments =
        new Arguments().add(b.run()).weights(four).add(b.in(0).address(), b.in(1).address());
    PriorArguments.add(arguments, op, b, 2).add(sums);
    Address none = new Address();
    return List.of(
        b.launch("divergence", four.grid(), arguments.toArray()),
        total(b, four.grid(), sums, none, b.out(0).address(), none));
  }

  /** Inputs (upstream, mu, log_sigma, the prior's parameters). */
  static List<Launch> backward(DivergenceBackward op, Binding b) {
    FourWeights four = FourWeights.of(b.in(1).shape());
    Address sums = sums(b, four.grid());
    Address upstream = b.in(0).address();
    Arguments arguments =
        new Arguments().add(b.run()).weights(four).add(b.in(1).address(), b.in(2).address());
    PriorArguments.add(arguments, op.divergence(), b, 3)
        .add(upstream, b.out(0).address(), b.out(1).address(), sums);
    Launch gradients = b.launch("divergence_backward", four.grid(), arguments.toArray());
    if (op.divergence().priorParameters() == 0) {
      return List.of(gradients);
    }
    Address dPrior = b.out(2).address();
    return List.of(gradients, total(b, four.grid(), sums, upstream, new Address(), dPrior));
  }

  /** Two sums a block, in double precision. */
  static Address sums(Binding b, Grid grid) {
    return b.workspace(2L * Double.BYTES * grid.x());
  }

  /** Adds up the sums of all blocks; a result that is null is not asked for. */
  static Launch total(
      Binding b, Grid grid, Address sums, Address upstream, Address value, Address dPrior) {
    return b.launch(
        "divergence_total", new Grid(1, 1, 1, 256), grid.x(), sums, upstream, value, dPrior);
  }
}
