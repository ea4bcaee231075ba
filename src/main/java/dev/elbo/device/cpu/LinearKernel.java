package dev.elbo.device.cpu;

import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;

/** Products with stored weights. */
final class LinearKernel {
  private LinearKernel() {}

  static Kernel of(Linear op, Binding b) {
    WeightSource weights = WeightSource.stored(Matrix.of(b.in(1), op.samples(), false));
    Panels.Packed x = b.operands().transposed(b, 0, op.samples(), op.shared());
    int inputs = b.in(0).shape().columns();
    return ForwardProduct.of(b, x, inputs, weights, b.out(0), op.samples());
  }

  static Kernel backwardInput(LinearBackwardInput op, Binding b) {
    CpuBuffer dy = b.in(0);
    WeightSource weights = WeightSource.stored(Matrix.of(b.in(1), op.samples(), false));
    Matrix operand = Matrix.of(dy, op.samples(), false);
    return new InputProduct(
        b, operand, dy.shape().columns(), weights, b.out(0), op.samples(), op.shared());
  }

  static Kernel backwardWeight(LinearBackwardWeight op, Binding b) {
    CpuBuffer dw = b.out(0);
    int outputs = dw.shape().rows() / op.samples();
    TileGrid grid = TileGrid.matrix(outputs, dw.shape().columns());
    TileProduct product =
        TileProduct.of(
            b,
            Matrix.of(b.in(1), op.samples(), false),
            op.samples(),
            outputs,
            Matrix.of(b.in(0), op.samples(), op.shared()),
            dw.shape().columns(),
            b.in(1).shape().rows() / op.samples());
    Workers.Task task =
        (block, scratch) -> {
          Tile tile = scratch.tile;
          int sample = block / grid.blocks();
          grid.place(block % grid.blocks(), tile);
          tile.clear(tile.product);
          product.add(sample, tile, tile.product);
          int first = dw.offset() + sample * outputs * grid.columns();
          tile.store(tile.product, dw.array(), first);
        };
    boolean shared = 2L * dw.elements() * b.in(1).shape().rows() >= Tiles.SHARED_FLOPS;
    int blocks = op.samples() * grid.blocks();
    return Kernel.sequence(product.prepare(), () -> b.workers().run(blocks, shared, task));
  }
}
