package dev.elbo.device.cpu;

import dev.elbo.graph.StepRule;
import java.util.List;

/** Takes an optimizer's step on a tile of a mean-field Gaussian. */
interface StepSource {
  /** Computes what is the same for all tiles; once a run, before the tiles. */
  void prepare();

  /** Steps on a row from the tile's dMu and dLogSigma. */
  void step(Tile tile, int r);

  /**
   * That of a rule.
   *
   * @param state the optimizer's tensors, in the order of {@link dev.elbo.graph.Update.FusedUpdate}
   */
  static StepSource of(
      StepRule rule,
      CpuBuffer rate,
      CpuBuffer mu,
      CpuBuffer logSigma,
      List<CpuBuffer> state,
      Run run) {
    return switch (rule) {
      case StepRule.Adam adam -> {
        AdamLanes lanes = new AdamLanes(adam, rate, run);
        yield new Pair(
            lanes::prepare,
            (tile, r) -> {
              lanes.step(tile, r, tile.dMu, mu, state.get(0), state.get(1));
              lanes.step(tile, r, tile.dLogSigma, logSigma, state.get(2), state.get(3));
            });
      }
      case StepRule.Sgd sgd -> {
        SgdLanes lanes = new SgdLanes(sgd, rate);
        yield new Pair(
            lanes::prepare,
            (tile, r) -> {
              lanes.step(tile, r, tile.dMu, mu, state.get(0));
              lanes.step(tile, r, tile.dLogSigma, logSigma, state.get(1));
            });
      }
      case StepRule.Ivon ivon -> {
        IvonLanes lanes = new IvonLanes(ivon, rate, run);
        yield new Pair(
            lanes::prepare,
            (tile, r) -> lanes.step(tile, r, mu, logSigma, state.get(0), state.get(1)));
      }
    };
  }

  /** Both parts as functions. */
  record Pair(Kernel before, Step each) implements StepSource {
    /** Steps on a row of a tile. */
    @FunctionalInterface
    interface Step {
      void run(Tile tile, int r);
    }

    @Override
    public void prepare() {
      before.run();
    }

    @Override
    public void step(Tile tile, int r) {
      each.run(tile, r);
    }
  }
}
