package dev.elbo.device.cuda;

import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import java.util.List;

/** Launches of matrix products with flipout. */
final class FlipoutLinearLaunch {
  private FlipoutLinearLaunch() {}

  static List<Launch> forward(FlipoutLinear op, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer mu = b.in(1);
    CudaBuffer logSigma = b.in(2);
    return Layer.of(b.out(0), mu.shape().columns(), op.noise().samples(), op.shared())
        .forward(
            b,
            "flipout_linear",
            b.run(),
            op.noise().site(),
            op.inputSigns(),
            op.outputSigns(),
            op.noise().antithetic() ? 1 : 0,
            x.address(),
            mu.address(),
            logSigma.address());
  }

  static List<Launch> backwardInput(FlipoutLinearBackwardInput op, Binding b) {
    FlipoutLinear forward = op.forward();
    CudaBuffer dy = b.in(0);
    CudaBuffer mu = b.in(1);
    CudaBuffer logSigma = b.in(2);
    return Layer.of(dy, mu.shape().columns(), forward.noise().samples(), forward.shared())
        .backwardInput(
            b,
            "flipout_linear_backward_input",
            b.run(),
            forward.noise().site(),
            forward.inputSigns(),
            forward.outputSigns(),
            forward.noise().antithetic() ? 1 : 0,
            dy.address(),
            mu.address(),
            logSigma.address());
  }
}
