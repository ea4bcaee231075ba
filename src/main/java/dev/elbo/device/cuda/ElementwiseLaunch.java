package dev.elbo.device.cuda;

import dev.elbo.graph.Elementwise;
import dev.elbo.graph.Function;
import java.util.List;

/** Launches of elementwise operations. */
final class ElementwiseLaunch {
  private ElementwiseLaunch() {}

  static List<Launch> of(Elementwise op, Binding b) {
    return List.of(
        switch (op) {
          case Elementwise.Unary(Function function) -> unary(function, b);
          case Elementwise.UnaryBackward(Function function) -> unaryBackward(function, b);
          case Elementwise.Add() -> withSameOrScalar("add", b);
          case Elementwise.Multiply() -> withSameOrScalar("multiply", b);
          case Elementwise.Scale(double factor) -> scale((float) factor, b);
          case Elementwise.MultiplyRow() -> groups("multiply_row", b);
          case Elementwise.AddBias() -> groups("add_bias", b);
        });
  }

  private static Launch unary(Function function, Binding b) {
    return b.launch(
        "unary", grid(b), code(function), elements(b), b.in(0).address(), b.out(0).address());
  }

  private static Launch unaryBackward(Function function, Binding b) {
    return b.launch(
        "unary_backward",
        grid(b),
        code(function),
        elements(b),
        b.in(0).address(),
        b.in(1).address(),
        b.out(0).address());
  }

  private static Launch withSameOrScalar(String kernel, Binding b) {
    int scalar = b.in(1).shape().elements() == 1 ? 1 : 0;
    return b.launch(
        kernel,
        grid(b),
        elements(b),
        scalar,
        b.in(0).address(),
        b.in(1).address(),
        b.out(0).address());
  }

  private static Launch scale(float factor, Binding b) {
    return b.launch("scale", grid(b), elements(b), factor, b.in(0).address(), b.out(0).address());
  }

  private static Launch groups(String kernel, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer bias = b.in(1);
    return b.launch(
        kernel,
        grid(b),
        elements(b),
        x.shape().columns(),
        x.shape().rows() / bias.shape().rows(),
        x.address(),
        bias.address(),
        b.out(0).address());
  }

  private static int elements(Binding b) {
    return b.out(0).shape().elements();
  }

  private static Grid grid(Binding b) {
    return Grid.ofElements(elements(b));
  }

  /** The number of a function in function.cuh. */
  private static int code(Function function) {
    return switch (function) {
      case RELU -> 0;
      case GELU -> 1;
      case TANH -> 2;
      case SOFTPLUS -> 3;
      case SIGMOID -> 4;
      case EXP -> 5;
      case SQUARE -> 6;
      case SQRT -> 7;
    };
  }
}
