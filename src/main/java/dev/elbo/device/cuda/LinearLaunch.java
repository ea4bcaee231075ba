package dev.elbo.device.cuda;

import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.Node;
import java.util.ArrayList;
import java.util.List;

/** Launches of matrix products with stored weights: kernels, or those of cuBLAS. */
final class LinearLaunch {
  private LinearLaunch() {}

  static List<Launch> forward(Linear op, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer w = b.in(1);
    Layer layer = Layer.of(b.out(0), w.shape().columns(), op.samples(), op.shared());
    return b.cublas()
        .map(cublas -> library(cublas, cublas::forward, layer, b))
        .orElseGet(
            () -> layer.splitForward(b, layer.forwardSplit(), "linear", x.address(), w.address()));
  }

  static List<Launch> backwardInput(LinearBackwardInput op, Binding b) {
    CudaBuffer dy = b.in(0);
    CudaBuffer w = b.in(1);
    Layer layer = Layer.of(dy, w.shape().columns(), op.samples(), op.shared());
    return b.cublas()
        .map(cublas -> library(cublas, cublas::backwardInput, layer, b))
        .orElseGet(
            () ->
                layer.splitBackwardInput(
                    b,
                    layer.backwardInputSplit(),
                    "linear_backward_input",
                    dy.address(),
                    w.address()));
  }

  static List<Launch> backwardWeight(LinearBackwardWeight op, Binding b) {
    Address x = b.in(0).address();
    CudaBuffer dy = b.in(1);
    Address dw = b.out(0).address();
    Layer layer = Layer.of(dy, b.in(0).shape().columns(), op.samples(), op.shared());
    return b.cublas()
        .map(cublas -> library(cublas, cublas::backwardWeight, layer, b))
        .orElseGet(
            () ->
                layer.backwardWeight(
                    b, "linear_backward_weight", op.samples(), x, dy.address(), dw));
  }

  /** One of the three products of cuBLAS. */
  private interface Product {
    List<Launch> of(Node node, Layer layer, Address first, Address second, Address result);
  }

  /** A product of the two inputs, after what brings them into the operand type. */
  private static List<Launch> library(
      CublasProducts cublas, Product product, Layer layer, Binding b) {
    List<Launch> launches = new ArrayList<>();
    Address first = cublas.operand(b, 0, launches);
    Address second = cublas.operand(b, 1, launches);
    launches.addAll(product.of(b.node(), layer, first, second, b.out(0).address()));
    return launches;
  }
}
