package dev.elbo.device.cuda;

import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.WeightGradient;
import dev.elbo.graph.WeightGradient.FlipoutLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.LocalLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.List;

/** Launches of gradients of mean-field Gaussians. */
final class WeightGradientLaunch {
  private WeightGradientLaunch() {}

  static List<Launch> of(WeightGradient op, Binding b) {
    return switch (op) {
      case VariationalLinearBackwardWeight naive -> naive(naive, b);
      case LocalLinearBackwardWeight local -> local(local, b);
      case FlipoutLinearBackwardWeight flipout -> flipout(flipout.forward(), b);
      case SampleBackward sample -> SampleLaunch.backward(sample, b);
    };
  }

  private static List<Launch> naive(VariationalLinearBackwardWeight op, Binding b) {
    NoiseSite noise = op.noise();
    CudaBuffer x = b.in(0);
    CudaBuffer dy = b.in(1);
    return Layer.of(dy, x.shape().columns(), noise.samples(), op.shared())
        .backwardWeight(
            b,
            "variational_linear_backward_weight",
            1,
            b.run(),
            noise.site(),
            noise.antithetic() ? 1 : 0,
            x.address(),
            dy.address(),
            b.in(3).address(),
            b.out(0).address(),
            b.out(1).address());
  }

  private static List<Launch> local(LocalLinearBackwardWeight op, Binding b) {
    NoiseSite noise = op.noise();
    CudaBuffer x = b.in(0);
    CudaBuffer dy = b.in(1);
    return Layer.of(dy, x.shape().columns(), noise.samples(), op.shared())
        .backwardWeight(
            b,
            "local_linear_backward_weight",
            1,
            b.run(),
            noise.site(),
            noise.antithetic() ? 1 : 0,
            x.address(),
            dy.address(),
            b.in(2).address(),
            b.in(4).address(),
            b.out(0).address(),
            b.out(1).address());
  }

  private static List<Launch> flipout(FlipoutLinear op, Binding b) {
    NoiseSite noise = op.noise();
    CudaBuffer x = b.in(0);
    CudaBuffer dy = b.in(1);
    return Layer.of(dy, x.shape().columns(), noise.samples(), op.shared())
        .backwardWeight(
            b,
            "flipout_linear_backward_weight",
            1,
            b.run(),
            noise.site(),
            op.inputSigns(),
            op.outputSigns(),
            noise.antithetic() ? 1 : 0,
            x.address(),
            dy.address(),
            b.in(3).address(),
            b.out(0).address(),
            b.out(1).address());
  }
}
