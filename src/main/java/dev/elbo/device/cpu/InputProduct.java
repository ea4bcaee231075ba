package dev.elbo.device.cpu;

import java.util.Arrays;

/**
 * dx = dy W for each sample, or its sum over the samples when they share x: dy [S·B, N], W [N, K],
 * dx [S·B, K] or [B, K].
 *
 * <p>A block is a band of inputs (columns of W) for a band of examples; it runs over all outputs,
 * and over all samples where they are summed. What RELU lets through is masked in each tile.
 */
final class InputProduct implements Kernel, Workers.Task {
  private static final int PRODUCT_STRIDE = Tiles.stride(Tiles.BACKWARD_INPUTS);

  private final Workers workers;
  private final Kernel prepare;
  private final Matrix dy;
  private final WeightSource weights;
  private final CpuBuffer dx;
  private final Epilogue epilogue;
  private final int examples;
  private final int inputs;
  private final int outputs;
  private final int inputBands;
  private final int exampleBands;
  private final int results;
  private final int summed;
  private final boolean shared;

  /**
   * The product.
   *
   * @param dy rows as the samples have them
   * @param outputs N
   * @param samples S
   * @param sum whether the samples are summed
   */
  InputProduct(
      Binding b,
      Matrix dy,
      int outputs,
      WeightSource weights,
      CpuBuffer dx,
      int samples,
      boolean sum) {
    this.workers = b.workers();
    int rows = dx.shape().rows() / (sum ? 1 : samples);
    Matrix.Prepared spread = Matrix.spread(dy, samples, rows, outputs, b);
    this.prepare = spread.kernel();
    this.dy = spread.matrix();
    this.weights = weights;
    this.dx = dx;
    this.epilogue = b.epilogue();
    this.results = sum ? 1 : samples;
    this.summed = sum ? samples : 1;
    this.examples = dx.shape().rows() / results;
    this.inputs = dx.shape().columns();
    this.outputs = outputs;
    this.inputBands = Tiles.parts(inputs, Tiles.BACKWARD_INPUTS);
    this.exampleBands = Tiles.parts(examples, Tiles.BATCH);
    this.shared = 2L * dx.elements() * outputs * summed >= Tiles.SHARED_FLOPS;
  }

  @Override
  public void run() {
    prepare.run();
    workers.run(results * inputBands * exampleBands, shared, this);
  }

  @Override
  public void run(int block, Scratch scratch) {
    int input = block % inputBands * Tiles.BACKWARD_INPUTS;
    int example = block / inputBands % exampleBands * Tiles.BATCH;
    int result = block / inputBands / exampleBands;
    int columns = Math.min(Tiles.BACKWARD_INPUTS, inputs - input);
    int rows = Math.min(Tiles.BATCH, examples - example);
    float[] product = scratch.product;
    Arrays.fill(product, 0, Tiles.roundUp(rows, Tiles.ROWS) * PRODUCT_STRIDE, 0);
    for (int s = 0; s < summed; s++) {
      add(result + s, example, rows, input, columns, scratch);
    }
    int first = (result * examples + example) * inputs + input;
    epilogue.store(product, PRODUCT_STRIDE, dx, first, inputs, rows, columns);
  }

  private void add(int sample, int example, int rows, int input, int columns, Scratch scratch) {
    for (int output = 0; output < outputs; output += Tiles.BACKWARD_OUTPUTS) {
      int depth = Math.min(Tiles.BACKWARD_OUTPUTS, outputs - output);
      WeightTile w = scratch.weights;
      weights.place(sample, output, depth, input, columns, w);
      Gemm.multiply(
          rows,
          columns,
          depth,
          dy.array(),
          dy.at(sample, example, output),
          dy.stride(),
          w.array,
          w.at,
          w.stride,
          scratch.product,
          0,
          PRODUCT_STRIDE,
          scratch.panel);
    }
  }
}
