package dev.elbo.device.cpu;

import dev.elbo.graph.WeightGradient;

/** The gradient of the data term in (mu, log_sigma), stored. */
final class WeightGradientKernel {
  private WeightGradientKernel() {}

  static Kernel of(WeightGradient op, Binding b) {
    GradientSource source = GradientSource.of(op, b.inputs(), b);
    CpuBuffer dMu = b.out(0);
    CpuBuffer dLogSigma = b.out(1);
    TileGrid grid = TileGrid.of(dMu.shape());
    Workers.Task task =
        (block, scratch) -> {
          Tile tile = scratch.tile;
          grid.place(block, tile);
          source.fill(tile, scratch.weights);
          for (int r = 0; r < tile.rows; r++) {
            source.finish(tile, scratch.weights, r);
          }
          tile.store(tile.dMu, dMu.array(), dMu.offset());
          tile.store(tile.dLogSigma, dLogSigma.array(), dLogSigma.offset());
        };
    boolean shared = op.flops(b.node().inputShapes()) >= Tiles.SHARED_FLOPS;
    return Kernel.sequence(source.prepare(), () -> b.workers().run(grid.blocks(), shared, task));
  }
}
