package dev.elbo.device.cpu;

import dev.elbo.graph.LogLikelihood;
import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * What a log-likelihood reads, by row and column; rows of the targets repeat, and groups of rows
 * share a log_scale.
 *
 * @param outputs of the network, [rows, columns]
 * @param logScale a row a group; zeros where the likelihood has none
 * @param targets [B, targetColumns]
 * @param scaleRows the rows that share a log_scale
 */
record LogLikelihoodOperands(
    CpuBuffer outputs,
    CpuBuffer logScale,
    CpuBuffer targets,
    int rows,
    int columns,
    int targetColumns,
    int scaleRows,
    int targetElements) {
  /** Those of a likelihood with the given inputs. */
  static LogLikelihoodOperands of(LogLikelihood op, List<CpuBuffer> in) {
    CpuBuffer outputs = in.getFirst();
    CpuBuffer targets = in.getLast();
    int columns = outputs.shape().columns();
    CpuBuffer logScale = op.parameters() == 2 ? in.get(1) : CpuBuffer.zeros(Shape.of(columns));
    return new LogLikelihoodOperands(
        outputs,
        logScale,
        targets,
        outputs.shape().rows(),
        columns,
        targets.shape().columns(),
        outputs.shape().rows() / logScale.shape().rows(),
        targets.elements());
  }

  /** Where a row of the outputs begins in their array. */
  int outputAt(int row) {
    return outputs.offset() + row * columns;
  }

  /** Where the targets of a row begin in their array. */
  int targetAt(int row) {
    return targets.offset() + row * targetColumns % targetElements;
  }

  float output(int row, int column) {
    return outputs.at(row * columns + column);
  }

  float logScale(int row, int column) {
    return logScale.at(row / scaleRows * columns + column);
  }

  float target(int row, int column) {
    return targets.at((row * targetColumns + column) % targetElements);
  }
}
