package dev.elbo.device.cpu;

import dev.elbo.graph.Sample;
import dev.elbo.graph.WeightGradient.SampleBackward;
import java.util.List;

/** Weights and latents that are drawn and stored. */
final class SampleKernel {
  private SampleKernel() {}

  static Kernel of(Sample op, Binding b) {
    CpuBuffer mu = b.in(0);
    CpuBuffer logSigma = b.in(1);
    CpuBuffer w = b.out(0);
    int copies = op.copies();
    Draws draws = new Draws(op.noise(), b.run());
    TileGrid grid = TileGrid.of(mu.shape());
    int draw = mu.elements();
    Workers.Task task =
        (block, scratch) -> {
          Tile tile = scratch.tile;
          grid.place(block % grid.blocks(), tile);
          if (tile.narrow()) {
            tile.flatten();
          }
          int number = block / grid.blocks();
          int sample = number / copies;
          int first = tile.draw(draws, sample, number % copies);
          for (int r = 0; r < tile.rows; r++) {
            int at = tile.at(r);
            int eps = first + r * tile.stride;
            Lanes.sample(
                mu.array(),
                mu.offset() + at,
                logSigma.array(),
                logSigma.offset() + at,
                draws.sign(sample),
                tile.noise,
                eps,
                tile.noise,
                eps,
                tile.columns);
            System.arraycopy(
                tile.noise, eps, w.array(), w.offset() + number * draw + at, tile.columns);
          }
        };
    int blocks = op.noise().samples() * copies * grid.blocks();
    boolean shared = w.elements() > Tiles.LINEAR;
    return () -> b.workers().run(blocks, shared, task);
  }

  /** dmu = sum dW, dlog_sigma = sigma·sum dW·eps. */
  static GradientSource gradient(SampleBackward op, List<CpuBuffer> in, Binding b) {
    CpuBuffer dw = in.getFirst();
    Draws draws = new Draws(op.noise(), b.run());
    int draw = dw.elements() / (op.noise().samples() * op.copies());
    GradientSource.Add add =
        tile -> {
          for (int number = 0; number < op.noise().samples() * op.copies(); number++) {
            tile.load(dw.array(), dw.offset() + number * draw, tile.product);
            tile.addDrawn(tile.product, number / op.copies(), number % op.copies(), draws);
          }
        };
    return new GradientSource.Scaled(() -> {}, add, in.getLast(), 1);
  }
}
