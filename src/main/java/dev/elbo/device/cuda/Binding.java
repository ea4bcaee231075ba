package dev.elbo.device.cuda;

import dev.elbo.graph.Node;
import java.util.List;

/**
 * A node with the memory its values live in and all that its launches need.
 *
 * @param node what is to be computed
 * @param inputs where its inputs are
 * @param outputs where its results go
 * @param run the {@code Run} of run.cuh in device memory
 * @param precision the operands of matrix products
 * @param kernels where kernels come from
 */
record Binding(
    Node node,
    List<CudaBuffer> inputs,
    List<CudaBuffer> outputs,
    Address run,
    Precision precision,
    Kernels kernels) {
  CudaBuffer in(int position) {
    return inputs.get(position);
  }

  CudaBuffer out(int position) {
    return outputs.get(position);
  }

  /** A launch for this node; arguments are Address, Integer, Long and Float. */
  Launch launch(String kernel, Grid grid, Object... arguments) {
    return new Launch(node.toString(), kernels.get(kernel), grid, List.of(arguments));
  }
}
