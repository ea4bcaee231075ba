package dev.elbo.device.cuda;

import dev.elbo.tensor.Shape;

/**
 * A tensor of weights as four_weights.cuh divides it among threads.
 *
 * @param rows its rows, 1 unless it is a matrix
 * @param columns its columns, or all its elements
 * @param matrix 1 for a matrix, whose noise is drawn by quads; 0 for what draws linearly
 */
record FourWeights(int rows, int columns, int matrix) {
  static FourWeights of(Shape shape) {
    return shape.rank() == 2
        ? new FourWeights(shape.rows(), shape.columns(), 1)
        : new FourWeights(1, shape.elements(), 0);
  }

  /** The elements of all copies of a tensor that is no matrix, one after the other. */
  FourWeights times(int copies) {
    return new FourWeights(rows, Math.multiplyExact(copies, columns), matrix);
  }

  /** A thread for each four. */
  Grid grid() {
    return matrix == 0 ? Grid.ofElements(Math.ceilDiv(columns, 4)) : Grid.ofQuads(rows, columns);
  }
}
