package dev.elbo.device.cpu;

import dev.elbo.graph.Node;
import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * A node with the memory its values live in and all that kernels share.
 *
 * @param node what is to be computed
 * @param inputs where its inputs are
 * @param outputs where its results go
 * @param workers who computes
 * @param workspace memory that lives no longer than the node's run
 * @param weights sampled weights that outlive the node's run
 * @param operands of forward products, where they outlive the node's run
 * @param run what changes from run to run
 * @param epilogue what a product does with its results
 */
record Binding(
    Node node,
    List<CpuBuffer> inputs,
    List<CpuBuffer> outputs,
    Workers workers,
    Workspace workspace,
    StoredWeights weights,
    OperandPanels operands,
    Run run,
    Epilogue epilogue) {
  CpuBuffer in(int position) {
    return inputs.get(position);
  }

  CpuBuffer out(int position) {
    return outputs.get(position);
  }

  /** A buffer of the workspace. */
  CpuBuffer temporary(int rows, int columns) {
    return workspace.reserve(Shape.of(rows, columns));
  }
}
