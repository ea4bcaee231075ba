package dev.elbo.device.cuda;

import java.util.List;
import java.util.stream.Stream;

/**
 * The sizes of a linear layer, as the kernels of layer.cuh take them, and the launches of its three
 * products. Forward products and those that give the gradient of x end with the result and what is
 * done with it in the epilogue.
 *
 * @param samples S
 * @param examples B, the rows of y that belong to one sample
 * @param inputs K
 * @param outputs N
 * @param shared whether x is the same for every sample
 */
record Layer(int samples, int examples, int inputs, int outputs, boolean shared) {
  /** The layer whose results, or their gradients, are y and whose weights have K columns. */
  static Layer of(CudaBuffer y, int inputs, int samples, boolean shared) {
    return new Layer(samples, y.shape().rows() / samples, inputs, y.shape().columns(), shared);
  }

  /** A block for each tile of y of each sample. */
  List<Launch> forward(Binding b, String kernel, Object... operands) {
    return forward(b, kernel, samples, operands);
  }

  /** A block for each tile of the rows of x, for all samples that share them. */
  List<Launch> forwardOnce(Binding b, String kernel, Object... operands) {
    return forward(b, kernel, shared ? 1 : samples, operands);
  }

  private List<Launch> forward(Binding b, String kernel, int matrices, Object[] operands) {
    Grid tiles = Grid.ofTiles(matrices, examples, outputs);
    return List.of(launch(b, kernel + suffix(b), tiles, operands, activation(b)));
  }

  /** The same where the kernel can be given a part of a tile's sum. */
  List<Launch> splitForward(Binding b, SplitK split, String kernel, Object... operands) {
    return split(b, split, kernel, "linear_parts", operands, activation(b));
  }

  /** Into how many parts. */
  SplitK forwardSplit() {
    return SplitK.of(samples, examples, outputs, inputs);
  }

  private Object[] activation(Binding b) {
    Epilogue epilogue = b.epilogue();
    return new Object[] {
      b.out(0).address(),
      epilogue.bias(),
      epilogue.biasOfSample(samples, examples),
      epilogue.biasOfRow(samples),
      epilogue.activated()
    };
  }

  /** A block for each tile of dx, of each sample or summed over them. */
  List<Launch> backwardInput(Binding b, String kernel, Object... operands) {
    Grid tiles = Grid.ofTiles(shared ? 1 : samples, examples, inputs);
    return List.of(launch(b, kernel + suffix(b), tiles, operands, masked(b)));
  }

  /** The same where the kernel can be given a part of a tile's sum. */
  List<Launch> splitBackwardInput(Binding b, SplitK split, String kernel, Object... operands) {
    return split(b, split, kernel, "linear_backward_input_parts", operands, masked(b));
  }

  /** Into how many parts. */
  SplitK backwardInputSplit() {
    return SplitK.of(shared ? 1 : samples, examples, inputs, outputs);
  }

  private static Object[] masked(Binding b) {
    return new Object[] {b.out(0).address(), b.epilogue().mask()};
  }

  /**
   * A block for each tile of the gradient of a weight matrix.
   *
   * @param matrices S, or 1 where the gradient is summed over samples
   */
  List<Launch> backwardWeight(Binding b, String kernel, int matrices, Object... operands) {
    return List.of(
        launch(b, kernel + suffix(b), Grid.ofTiles(matrices, outputs, inputs), operands));
  }

  private List<Launch> split(
      Binding b, SplitK split, String kernel, String adding, Object[] operands, Object[] result) {
    Object memory = split.memory(b);
    Object[] to = {memory};
    Object[] from = {split.parts(), memory};
    Launch sums = launch(b, kernel + suffix(b), split.tiles(), operands, result, to);
    return split.isWhole()
        ? List.of(sums)
        : List.of(sums, launch(b, adding, split.quads(), from, result));
  }

  private static String suffix(Binding b) {
    return b.precision().suffix();
  }

  private Launch launch(Binding b, String kernel, Grid grid, Object[]... operands) {
    Stream<Object> sizes = Stream.of(samples, examples, inputs, outputs, shared ? 1 : 0);
    Stream<Object> others = Stream.of(operands).flatMap(Stream::of);
    return b.launch(kernel, grid, Stream.concat(sizes, others).toArray());
  }
}
