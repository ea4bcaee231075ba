package dev.elbo.device.cpu;

import java.util.Arrays;
import java.util.Optional;

/**
 * y = x Wᵀ for each sample: x [B, K], W [N, K], y [S·B, N].
 *
 * <p>A block is a band of outputs (rows of W) for a band of examples, which stays in the cache from
 * block to block; for all bands of examples where W is made in the tile, so that it is made once.
 * The product is formed as W xᵀ, so that W is used as it is drawn and only activations are
 * transposed. Bias and RELU are applied to each tile.
 */
final class ForwardProduct implements Kernel, Workers.Task {
  private static final int PRODUCT_STRIDE = Tiles.stride(Tiles.BATCH);

  private final Workers workers;
  private final Panels xTransposed;
  private final WeightSource weights;
  private final CpuBuffer y;
  private final Epilogue epilogue;
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
    this.y = y;
    this.epilogue = b.epilogue();
    this.examples = y.shape().rows() / samples;
    this.inputs = inputs;
    this.outputs = y.shape().columns();
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

  /**
   * xᵀ of the node's first input: handed on by the product that has computed it, else transposed.
   *
   * @param shared whether all samples share one matrix
   */
  static Panels.Packed operand(Binding b, int samples, boolean shared) {
    Optional<Panels> handed = b.operands().operand(b.node());
    if (handed.isPresent()) {
      return new Panels.Packed(handed.get(), () -> {});
    }
    CpuBuffer x = b.in(0);
    return b.operands()
        .input(b.node())
        .map(input -> input.packed(x, samples, shared, b))
        .orElseGet(() -> Panels.transposed(x, samples, shared, b));
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
      Arrays.fill(product, 0, Tiles.roundUp(rows, Tiles.ROWS) * PRODUCT_STRIDE, 0);
      for (int input = 0; input < inputs; input += Tiles.FORWARD_INPUTS) {
        int width = Math.min(Tiles.FORWARD_INPUTS, inputs - input);
        if (!placed) {
          place(sample, output, rows, input, width, w);
          placed = width == inputs;
        }
        multiply(w, rows, sample, input, width, example, columns, product);
      }
      epilogue.apply(product, PRODUCT_STRIDE, rows, columns, sample, output);
      if (epilogue.stored()) {
        store(product, rows, columns, (sample * examples + example) * outputs + output, scratch);
      }
      epilogue.hand(product, PRODUCT_STRIDE, rows, columns, sample, output, example);
    }
  }

  /** Stores a tile as a part of y, which begins there. */
  private void store(float[] product, int rows, int columns, int first, Scratch scratch) {
    int y0 = y.offset() + first;
    Transposition.rectangle(
        product, 0, PRODUCT_STRIDE, rows, columns, y.array(), y0, outputs, scratch.square);
    epilogue.activate(y, first, outputs, columns, rows);
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
          PRODUCT_STRIDE);
    }
  }
}
