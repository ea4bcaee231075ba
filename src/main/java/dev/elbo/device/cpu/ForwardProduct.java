package dev.elbo.device.cpu;

import dev.elbo.tensor.Shape;
import java.util.Arrays;

/**
 * y = x Wᵀ for each sample: x [B, K], W [N, K], y [S·B, N].
 *
 * <p>A block is a band of outputs (rows of W) for a band of examples: each tile of W meets all
 * examples of the band. The product is formed as W xᵀ, so that W is used as it is drawn and only
 * activations are transposed.
 */
final class ForwardProduct implements Kernel, Workers.Task {
  private static final int PRODUCT_STRIDE = Tiles.stride(Tiles.BATCH);

  private final Workers workers;
  private final Panels xTransposed;
  private final WeightSource weights;
  private final CpuBuffer y;
  private final int examples;
  private final int inputs;
  private final int outputs;
  private final int outputBands;
  private final int exampleBands;
  private final int blocks;
  private final boolean shared;

  private ForwardProduct(
      Binding b, Panels xTransposed, WeightSource weights, CpuBuffer y, int samples, int inputs) {
    this.workers = b.workers();
    this.xTransposed = xTransposed;
    this.weights = weights;
    this.y = y;
    this.examples = y.shape().rows() / samples;
    this.inputs = inputs;
    this.outputs = y.shape().columns();
    this.outputBands = Tiles.parts(outputs, Tiles.FORWARD_OUTPUTS);
    this.exampleBands = Tiles.parts(examples, Tiles.BATCH);
    this.blocks = samples * outputBands * exampleBands;
    this.shared = 2L * y.elements() * inputs >= Tiles.SHARED_FLOPS;
  }

  /**
   * The product with the transposition of x before it.
   *
   * @param x an equal part of rows a sample, or one matrix for all samples
   */
  static Kernel of(
      Binding b, Matrix x, int inputs, WeightSource weights, CpuBuffer y, int samples) {
    Shape shape = y.shape();
    Panels.Packed t = Panels.transposed(x, samples, shape.rows() / samples, inputs, b);
    return Kernel.sequence(
        t.kernel(), new ForwardProduct(b, t.panels(), weights, y, samples, inputs));
  }

  @Override
  public void run() {
    workers.run(blocks, shared, this);
  }

  @Override
  public void run(int block, Scratch scratch) {
    int output = block % outputBands * Tiles.FORWARD_OUTPUTS;
    int example = block / outputBands % exampleBands * Tiles.BATCH;
    int sample = block / outputBands / exampleBands;
    int rows = Math.min(Tiles.FORWARD_OUTPUTS, outputs - output);
    int columns = Math.min(Tiles.BATCH, examples - example);
    float[] product = scratch.product;
    Arrays.fill(product, 0, Tiles.roundUp(rows, Tiles.ROWS) * PRODUCT_STRIDE, 0);
    WeightTile w = scratch.weights;
    for (int input = 0; input < inputs; input += Tiles.FORWARD_INPUTS) {
      int width = Math.min(Tiles.FORWARD_INPUTS, inputs - input);
      weights.place(sample, output, rows, input, width, w);
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
            PRODUCT_STRIDE);
      }
    }
    int first = y.offset() + (sample * examples + example) * outputs + output;
    Transposition.rectangle(
        product, 0, PRODUCT_STRIDE, rows, columns, y.array(), first, outputs, scratch.square);
  }
}
