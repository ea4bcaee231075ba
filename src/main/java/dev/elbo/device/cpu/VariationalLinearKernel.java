package dev.elbo.device.cpu;

import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Products with weights that are drawn once a run, or tile by tile and again in each pass. */
final class VariationalLinearKernel {
  private VariationalLinearKernel() {}

  static Kernel of(VariationalLinear op, Binding b) {
    NoiseSite noise = op.noise();
    CpuBuffer mu = b.in(1);
    CpuBuffer logSigma = b.in(2);
    Draws draws = new Draws(noise, b.run());
    Optional<Matrix> stored = b.weights().of(noise, mu, logSigma);
    if (stored.isEmpty()) {
      return product(op, WeightSource.sampled(mu, logSigma, draws), b);
    }
    WeightSource storing = WeightSource.storing(mu, logSigma, draws, stored.get());
    boolean onceEach = b.out(0).shape().rows() / noise.samples() <= Tiles.BATCH;
    return onceEach
        ? product(op, storing, b)
        : Kernel.sequence(
            draw(storing, noise.samples(), mu.shape(), b),
            product(op, WeightSource.stored(stored.get()), b));
  }

  /** Draws and stores the weights of all samples. */
  private static Kernel draw(WeightSource storing, int samples, Shape shape, Binding b) {
    int band = Tiles.forwardOutputs(shape.rows(), samples, b.workers().threads());
    int bands = Tiles.parts(shape.rows(), band);
    Workers.Task task =
        (block, scratch) -> {
          int row = block % bands * band;
          int rows = Math.min(band, shape.rows() - row);
          for (int column = 0; column < shape.columns(); column += Tiles.FORWARD_INPUTS) {
            int columns = Math.min(Tiles.FORWARD_INPUTS, shape.columns() - column);
            storing.place(block / bands, row, rows, column, columns, scratch.weights);
          }
        };
    boolean shared = (long) samples * shape.elements() > Tiles.LINEAR;
    return () -> b.workers().run(samples * bands, shared, task);
  }

  private static Kernel product(VariationalLinear op, WeightSource weights, Binding b) {
    int samples = op.noise().samples();
    Panels.Packed x = b.operands().transposed(b, 0, samples, op.shared());
    return ForwardProduct.of(b, x, b.in(0).shape().columns(), weights, b.out(0), samples);
  }

  static Kernel backwardInput(VariationalLinearBackwardInput op, Binding b) {
    CpuBuffer dy = b.in(0);
    int samples = op.noise().samples();
    WeightSource weights = weights(op.noise(), b.in(1), b.in(2), b);
    Matrix operand = Matrix.of(dy, samples, false);
    return new InputProduct(
        b, operand, dy.shape().columns(), weights, b.out(0), samples, op.shared());
  }

  /** The inputs of the gradient are (x, dy, mu, log_sigma). */
  static GradientSource gradient(
      VariationalLinearBackwardWeight op, List<CpuBuffer> in, Binding b) {
    CpuBuffer x = in.get(0);
    CpuBuffer dy = in.get(1);
    int samples = op.noise().samples();
    TileProduct product =
        TileProduct.of(
            b,
            Matrix.of(dy, samples, false),
            samples,
            dy.shape().columns(),
            Matrix.of(x, samples, op.shared()),
            x.shape().columns(),
            dy.shape().rows() / samples);
    WeightSource weights = weights(op.noise(), in.get(2), in.get(3), b);
    return new Gradient(product, weights, in.get(2), samples);
  }

  /** dmu = sum G_s, dlog_sigma = sum G_s·(W_s - mu), as W - mu is sigma·eps. */
  private record Gradient(TileProduct product, WeightSource source, CpuBuffer mu, int samples)
      implements GradientSource {
    @Override
    public Kernel prepare() {
      return product.prepare();
    }

    @Override
    public void fill(Tile tile, WeightTile w) {
      tile.clear(tile.dLogSigma);
      for (int s = 0; s < samples; s++) {
        float[] g = s == 0 ? tile.dMu : tile.product;
        tile.clear(g);
        product.add(s, tile, g);
        source.place(s, tile.row, tile.rows, tile.column, tile.columns, w);
        for (int r = 0; samples > 1 && r < tile.rows; r++) {
          addDeviation(tile, g, w, r);
        }
        if (s > 0) {
          tile.add(g);
        }
      }
    }

    @Override
    public boolean ofDrawnWeights() {
      return samples == 1;
    }

    @Override
    public void finish(Tile tile, WeightTile w, int r) {
      if (samples == 1) {
        addDeviation(tile, tile.dMu, w, r);
      }
    }

    private void addDeviation(Tile tile, float[] g, WeightTile w, int r) {
      int at = r * tile.stride;
      Lanes.addDeviation(
          g,
          at,
          w.array,
          w.at + r * w.stride,
          mu.array(),
          mu.offset() + tile.at(r),
          tile.dLogSigma,
          at,
          tile.columns);
    }
  }

  /** Stored weights where there are such. */
  private static WeightSource weights(
      NoiseSite noise, CpuBuffer mu, CpuBuffer logSigma, Binding b) {
    return b.weights()
        .of(noise, mu, logSigma)
        .map(WeightSource::stored)
        .orElseGet(() -> WeightSource.sampled(mu, logSigma, new Draws(noise, b.run())));
  }
}
