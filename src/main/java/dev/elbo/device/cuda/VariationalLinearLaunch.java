package dev.elbo.device.cuda;

import dev.elbo.graph.NoiseSite;
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
    SplitK split = layer.forwardSplit();
    if (b.ahead()) {
      return layer.splitForward(b, split, ahead(b, "linear"), x.address(), b.weight());
    }
    Object[] operands = operands(op.noise(), b, x, mu, logSigma);
    return inPairs(op.noise(), b.precision())
        ? layer.splitForward(b, split.inPairs(), "variational_linear_pairs", operands)
        : layer.splitForward(b, split, "variational_linear", operands);
  }

  /** Whether the weights of two samples are drawn at once in a tile. */
  static boolean inPairs(NoiseSite noise, Precision precision) {
    return noise.antithetic() && precision == Precision.BF16;
  }

  /** The same of gradients; those that are summed over all samples have no tile of their own. */
  static boolean inPairs(VariationalLinearBackwardInput op, Precision precision) {
    return !op.shared() && inPairs(op.noise(), precision);
  }

  private static Object[] operands(
      NoiseSite noise, Binding b, CudaBuffer activations, CudaBuffer mu, CudaBuffer logSigma) {
    return new Arguments()
        .site(b.run(), noise)
        .add(activations.address(), mu.address(), logSigma.address())
        .toArray();
  }

  static List<Launch> backwardInput(VariationalLinearBackwardInput op, Binding b) {
    CudaBuffer dy = b.in(0);
    CudaBuffer mu = b.in(1);
    CudaBuffer logSigma = b.in(2);
    Layer layer = Layer.of(dy, mu.shape().columns(), op.noise().samples(), op.shared());
    SplitK split = layer.backwardInputSplit();
    if (b.ahead()) {
      return layer.splitBackwardInput(
          b, split, ahead(b, "linear_backward_input"), dy.address(), b.weight());
    }
    Object[] operands = operands(op.noise(), b, dy, mu, logSigma);
    return inPairs(op, b.precision())
        ? layer.splitBackwardInput(
            b, split.inPairs(), "variational_linear_backward_input_pairs", operands)
        : layer.splitBackwardInput(b, split, "variational_linear_backward_input", operands);
  }

  /** The kernel that reads W in the type of the product's operands. */
  private static String ahead(Binding b, String kernel) {
    return b.precision() == Precision.F32 ? kernel : kernel + "_ahead";
  }
}
