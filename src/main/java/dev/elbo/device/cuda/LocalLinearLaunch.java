package dev.elbo.device.cuda;

import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import java.util.List;

/** Launches of matrix products with local reparameterisation. */
final class LocalLinearLaunch {
  private LocalLinearLaunch() {}

  static List<Launch> forward(LocalLinear op, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer mu = b.in(1);
    CudaBuffer logSigma = b.in(2);
    CudaBuffer std = b.out(1);
    return Layer.of(b.out(0), mu.shape().columns(), op.noise().samples(), op.shared())
        .forwardOnce(
            b,
            "local_linear",
            b.run(),
            op.noise().site(),
            op.noise().antithetic() ? 1 : 0,
            x.address(),
            mu.address(),
            logSigma.address(),
            std.address());
  }

  static List<Launch> backwardInput(LocalLinearBackwardInput op, Binding b) {
    CudaBuffer dy = b.in(0);
    CudaBuffer std = b.in(1);
    CudaBuffer x = b.in(2);
    CudaBuffer mu = b.in(3);
    CudaBuffer logSigma = b.in(4);
    return Layer.of(dy, mu.shape().columns(), op.noise().samples(), op.shared())
        .backwardInput(
            b,
            "local_linear_backward_input",
            b.run(),
            op.noise().site(),
            op.noise().antithetic() ? 1 : 0,
            dy.address(),
            std.address(),
            x.address(),
            mu.address(),
            logSigma.address());
  }
}
