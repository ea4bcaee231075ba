package dev.elbo.device.cuda;

import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import java.util.List;

/** Launches of matrix products with sampled weights, drawn in the tiles or read where kept. */
final class VariationalLinearLaunch {
  private VariationalLinearLaunch() {}

  static List<Launch> forward(VariationalLinear op, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer mu = b.in(1);
    CudaBuffer logSigma = b.in(2);
    Layer layer = Layer.of(b.out(0), mu.shape().columns(), op.noise().samples(), op.shared());
    if (b.ahead()) {
      return layer.splitForward(b, ahead(b, "linear"), x.address(), b.weight());
    }
    return layer.splitForward(
        b,
        "variational_linear",
        b.run(),
        op.noise().site(),
        op.noise().antithetic() ? 1 : 0,
        x.address(),
        mu.address(),
        logSigma.address());
  }

  static List<Launch> backwardInput(VariationalLinearBackwardInput op, Binding b) {
    CudaBuffer dy = b.in(0);
    CudaBuffer mu = b.in(1);
    CudaBuffer logSigma = b.in(2);
    Layer layer = Layer.of(dy, mu.shape().columns(), op.noise().samples(), op.shared());
    if (b.ahead()) {
      return layer.splitBackwardInput(
          b, ahead(b, "linear_backward_input"), dy.address(), b.weight());
    }
    return layer.splitBackwardInput(
        b,
        "variational_linear_backward_input",
        b.run(),
        op.noise().site(),
        op.noise().antithetic() ? 1 : 0,
        dy.address(),
        mu.address(),
        logSigma.address());
  }

  /** The kernel that reads W in the type of the product's operands. */
  private static String ahead(Binding b, String kernel) {
    return b.precision() == Precision.F32 ? kernel : kernel + "_ahead";
  }
}
