package dev.elbo.device.cpu;

import java.util.Arrays;

/**
 * y = x Wᵀ for each sample: x [B, K], W [N, K], y [S·B, N].
 *
 * <p>A block is a band of outputs (rows of W) for a band of examples, which stays in the cache from
 * block to block; for all bands of examples where W is made in the tile, so that it is made once.
 * The product is formed as W xᵀ, so that W is used as it is drawn and only activations are
 * transposed. Bias and RELU are applied to each tile.
 */
final class ForwardProduct implements Kernel, Workers.Task {
  private final Workers workers;
  private final Panels xTransposed;
  private final WeightSource weights;
  private final ForwardResult result;
  private final int examples;
  private final int inputs;
  private final int outputs;
  private final int band;
  private final int outputBands;
  private final int blocksOfExamples;
  private final int bandsOfBlock;
  private final int blocks;
  private final boolean shared;

  private ForwardProduct(
      Binding b, Panels xTransposed, WeightSource weights, CpuBuffer y, int samples, int inputs) {
    this.workers = b.workers();
    this.xTransposed = xTransposed;
    this.weights = weights;
    this.result = ForwardResult.of(b, y, samples);
    this.examples = result.examples();
    this.inputs = inputs;
    this.outputs = result.outputs();
    this.band = Tiles.forwardOutputs(outputs, samples, b.workers().threads());
    this.outputBands = Tiles.parts(outputs, band);
    int exampleBands = Tiles.parts(examples, Tiles.BATCH);
    this.blocksOfExamples = weights.made() ? 1 : exampleBands;
    this.bandsOfBlock = exampleBands / blocksOfExamples;
    this.blocks = samples * outputBands * blocksOfExamples;
    this.shared = 2L * y.elements() * inputs >= Tiles.SHARED_FLOPS;
  }

  /**
   * The product with what prepares its operand before it.
   *
   * @param x xᵀ of each sample, or of all
   * @param inputs K
   */
  static Kernel of(
      Binding b, Panels.Packed x, int inputs, WeightSource weights, CpuBuffer y, int samples) {
    return Kernel.sequence(
        x.kernel(), new ForwardProduct(b, x.panels(), weights, y, samples, inputs));
  }

  @Override
  public void run() {
    workers.run(blocks, shared, this);
  }

  @Override
  public void run(int block, Scratch scratch) {
    int output = block % outputBands * band;
    int rows = Math.min(band, outputs - output);
    int bandOfExamples = block / outputBands % blocksOfExamples * bandsOfBlock;
    int sample = block / outputBands / blocksOfExamples;
    WeightTile w = scratch.weights;
    boolean placed = false;
    for (int b = 0; b < bandsOfBlock; b++) {
      int example = (bandOfExamples + b) * Tiles.BATCH;
      int columns = Math.min(Tiles.BATCH, examples - example);
      float[] product = scratch.product;
      Arrays.fill(product, 0, Tiles.roundUp(rows, Tiles.ROWS) * ForwardResult.STRIDE, 0);
      for (int input = 0; input < inputs; input += Tiles.FORWARD_INPUTS) {
        int width = Math.min(Tiles.FORWARD_INPUTS, inputs - input);
        if (!placed) {
          place(sample, output, rows, input, width, w);
          placed = width == inputs;
        }
        multiply(w, rows, sample, input, width, example, columns, product);
      }
      result.put(product, rows, columns, sample, output, example, scratch);
    }
  }

  private void place(int sample, int output, int rows, int input, int width, WeightTile w) {
    weights.place(sample, output, rows, input, width, w);
    if (Tiles.aliased(w.stride)) {
      w.gather(rows, width);
    }
  }

  /** Adds to the product the part of some inputs, whose weights are in the tile. */
  private void multiply(
      WeightTile w,
      int rows,
      int sample,
      int input,
      int width,
      int example,
      int columns,
      float[] product) {
    for (int k = 0; k < width; k += Tiles.FORWARD_DEPTH) {
      Gemm.multiplyPanels(
          rows,
          columns,
          Math.min(Tiles.FORWARD_DEPTH, width - k),
          w.array,
          w.at + k,
          w.stride,
          xTransposed.array(),
          xTransposed.at(sample, input + k, example),
          xTransposed.stride(),
          product,
          0,
          ForwardResult.STRIDE);
    }
  }
}
