package dev.elbo.device.cuda;

import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import java.util.List;

/** Launches of matrix products with stored weights. */
final class LinearLaunch {
  private LinearLaunch() {}

  static List<Launch> forward(Linear op, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer w = b.in(1);
    return Layer.of(b.out(0), w.shape().columns(), op.samples(), op.shared())
        .forward(b, "linear", x.address(), w.address());
  }

  static List<Launch> backwardInput(LinearBackwardInput op, Binding b) {
    CudaBuffer dy = b.in(0);
    CudaBuffer w = b.in(1);
    return Layer.of(dy, w.shape().columns(), op.samples(), op.shared())
        .backwardInput(b, "linear_backward_input", dy.address(), w.address());
  }

  static List<Launch> backwardWeight(LinearBackwardWeight op, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer dy = b.in(1);
    CudaBuffer dw = b.out(0);
    return Layer.of(dy, x.shape().columns(), op.samples(), op.shared())
        .backwardWeight(
            b, "linear_backward_weight", op.samples(), x.address(), dy.address(), dw.address());
  }
}
