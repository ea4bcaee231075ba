package dev.elbo.device.cpu;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.DivergenceBackward;
import java.util.Arrays;

/**
 * Divergences and their gradients, not fused. They may come before the forward pass in the graph,
 * which stores the weights: those of a mixture are drawn again.
 */
final class DivergenceKernel {
  private DivergenceKernel() {}

  static Kernel of(Divergence op, Binding b) {
    DivergenceSource source = DivergenceSource.of(op, b, 0, StoredWeights.none());
    CpuBuffer result = b.out(0);
    TileGrid grid = TileGrid.of(b.in(0).shape());
    double[] sums = new double[DivergenceSource.SUMS * grid.blocks()];
    Workers.Task task =
        (block, scratch) -> {
          grid.place(block, scratch.tile);
          add(source, b, 0, scratch.tile, 0, sums, block);
        };
    boolean shared = op.flops(b.node().inputShapes()) >= Tiles.SHARED_FLOPS;
    return () -> {
      Arrays.fill(sums, 0);
      b.workers().run(grid.blocks(), shared, task);
      result.set(0, total(sums, 0));
    };
  }

  static Kernel backward(DivergenceBackward op, Binding b) {
    DivergenceSource source = DivergenceSource.of(op.divergence(), b, 1, StoredWeights.none());
    CpuBuffer dMu = b.out(0);
    CpuBuffer dLogSigma = b.out(1);
    TileGrid grid = TileGrid.of(dMu.shape());
    double[] sums = new double[DivergenceSource.SUMS * grid.blocks()];
    Workers.Task task =
        (block, scratch) -> {
          Tile tile = scratch.tile;
          grid.place(block, tile);
          add(source, b, 1, tile, b.in(0).scalar(), sums, block);
          tile.store(tile.dMu, dMu.array(), dMu.offset());
          tile.store(tile.dLogSigma, dLogSigma.array(), dLogSigma.offset());
        };
    boolean shared = op.flops(b.node().inputShapes()) >= Tiles.SHARED_FLOPS;
    return () -> {
      Arrays.fill(sums, 0);
      b.workers().run(grid.blocks(), shared, task);
      if (op.divergence().priorParameters() == 1) {
        CpuBuffer dPrior = b.out(2);
        dPrior.set(0, (b.in(0).scalar() * total(sums, 1)));
      }
    };
  }

  private static void add(
      DivergenceSource source,
      Binding b,
      int parameter,
      Tile tile,
      float upstream,
      double[] sums,
      int block) {
    tile.clear(tile.dMu);
    tile.clear(tile.dLogSigma);
    int at = DivergenceSource.SUMS * block;
    source.add(tile, b.in(parameter), b.in(parameter + 1), upstream, sums, at);
  }

  /** One of the sums over all blocks, in order. */
  static double total(double[] sums, int which) {
    double total = 0;
    for (int i = which; i < sums.length; i += DivergenceSource.SUMS) {
      total += sums[i];
    }
    return total;
  }
}
