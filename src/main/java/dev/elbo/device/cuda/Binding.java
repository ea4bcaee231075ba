package dev.elbo.device.cuda;

import dev.elbo.graph.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * A node with the memory its values live in and all that its launches need.
 *
 * @param node what is to be computed
 * @param inputs where its inputs are
 * @param outputs where its results go
 * @param run the {@code Run} of run.cuh in device memory
 * @param precision the operands of matrix products
 * @param kernels where kernels come from
 * @param cublas what multiplies by stored weights in place of kernels
 * @param weight for operations on sampled weights: W [S*N, K] in the operand type, kept from step
 *     to step ("ahead"), or null, and kernels make W in their tiles. Forward and backward_input
 *     read it, the fused update writes that of the next step into it
 * @param scalesFollow of IVON's fused update, whether it may leave log_sigma to follow from the
 *     Hessian
 * @param epilogue what matrix products do with their result; of forward products the first output
 *     is nowhere (null) when only its activation is read
 * @param workspaces allocates memory that launches of this node alone use
 */
record Binding(
    Node node,
    List<CudaBuffer> inputs,
    List<CudaBuffer> outputs,
    Address run,
    Precision precision,
    Kernels kernels,
    Optional<CublasProducts> cublas,
    Address weight,
    boolean scalesFollow,
    Epilogue epilogue,
    LongFunction<Address> workspaces) {
  CudaBuffer in(int position) {
    return inputs.get(position);
  }

  CudaBuffer out(int position) {
    return outputs.get(position);
  }

  /** Whether W of this node is kept in memory. */
  boolean ahead() {
    return !weight.isNull();
  }

  /** Memory for partial results, 256-byte aligned; each call gives another. */
  Address workspace(long bytes) {
    return workspaces.apply(bytes);
  }

  /** A launch for this node; arguments are Address, Integer, Long and Float. */
  Launch launch(String kernel, Grid grid, Object... arguments) {
    return new KernelLaunch(node.toString(), kernels.get(kernel), grid, List.of(arguments));
  }
}
