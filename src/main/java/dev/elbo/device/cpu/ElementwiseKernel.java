package dev.elbo.device.cpu;

import dev.elbo.device.cpu.Ranges.Body;
import dev.elbo.graph.Elementwise;
import dev.elbo.graph.Function;
import dev.elbo.tensor.Shape;

/** The operations that compute each element from the elements at the same place. */
final class ElementwiseKernel {
  private ElementwiseKernel() {}

  static Kernel of(Elementwise op, Binding b) {
    return switch (op) {
      case Elementwise.Unary(Function function) -> unary(function, b);
      case Elementwise.UnaryBackward(Function function) -> unaryBackward(function, b);
      case Elementwise.Add() -> elements(b, add(b.in(0), b.in(1), b.out(0)));
      case Elementwise.Multiply() -> elements(b, multiply(b.in(0), b.in(1), b.out(0)));
      case Elementwise.Scale(double factor) ->
          elements(b, scale(b.in(0), (float) factor, b.out(0)));
      case Elementwise.MultiplyRow() -> groups(b, Lanes::multiply);
      case Elementwise.AddBias() -> groups(b, Lanes::add);
    };
  }

  private static Kernel elements(Binding b, Body body) {
    return Ranges.elements(b.workers(), b.out(0).elements(), body);
  }

  private static Body add(CpuBuffer x, CpuBuffer term, CpuBuffer y) {
    if (term.shape().equals(Shape.SCALAR)) {
      return (i, n, s) ->
          Lanes.affine(x.array(), x.offset() + i, 1, term.scalar(), y.array(), y.offset() + i, n);
    }
    return (i, n, s) ->
        Lanes.add(
            x.array(),
            x.offset() + i,
            term.array(),
            term.offset() + i,
            y.array(),
            y.offset() + i,
            n);
  }

  private static Body multiply(CpuBuffer x, CpuBuffer factor, CpuBuffer y) {
    if (factor.shape().equals(Shape.SCALAR)) {
      return (i, n, s) ->
          Lanes.affine(x.array(), x.offset() + i, factor.scalar(), 0, y.array(), y.offset() + i, n);
    }
    return (i, n, s) ->
        Lanes.multiply(
            x.array(),
            x.offset() + i,
            factor.array(),
            factor.offset() + i,
            y.array(),
            y.offset() + i,
            n);
  }

  private static Body scale(CpuBuffer x, float factor, CpuBuffer y) {
    return (i, n, s) ->
        Lanes.affine(x.array(), x.offset() + i, factor, 0, y.array(), y.offset() + i, n);
  }

  /** What is done to two runs of elements. */
  @FunctionalInterface
  private interface Pairwise {
    void run(float[] a, int a0, float[] b, int b0, float[] y, int y0, int count);
  }

  /** Each row with the row of its group. */
  private static Kernel groups(Binding b, Pairwise pairwise) {
    CpuBuffer x = b.in(0);
    CpuBuffer bias = b.in(1);
    CpuBuffer y = b.out(0);
    int columns = x.shape().columns();
    int groupRows = x.shape().rows() / bias.shape().rows();
    Body body =
        (from, count, scratch) -> {
          for (int row = from; row < from + count; row++) {
            int at = row * columns;
            pairwise.run(
                x.array(),
                x.offset() + at,
                bias.array(),
                bias.offset() + row / groupRows * columns,
                y.array(),
                y.offset() + at,
                columns);
          }
        };
    return Ranges.rows(b.workers(), x.shape().rows(), columns, body);
  }

  private static Kernel unary(Function function, Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    return switch (function) {
      case RELU ->
          elements(
              b, (i, n, s) -> Lanes.relu(x.array(), x.offset() + i, y.array(), y.offset() + i, n));
      case SQUARE ->
          elements(
              b,
              (i, n, s) ->
                  Lanes.multiply(
                      x.array(),
                      x.offset() + i,
                      x.array(),
                      x.offset() + i,
                      y.array(),
                      y.offset() + i,
                      n));
      case SQRT ->
          elements(
              b, (i, n, s) -> Lanes.sqrt(x.array(), x.offset() + i, y.array(), y.offset() + i, n));
      case GELU, TANH, SOFTPLUS, SIGMOID, EXP ->
          Ranges.draws(
              b.workers(),
              y.elements(),
              (i, n, s) -> {
                VectorFunctions.apply(function, x.array(), x.offset() + i, s.noise, 0, n);
                System.arraycopy(s.noise, 0, y.array(), y.offset() + i, n);
              });
    };
  }

  private static Kernel unaryBackward(Function function, Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer dy = b.in(1);
    CpuBuffer dx = b.out(0);
    if (function == Function.RELU || function == Function.SQRT) {
      Pairwise slope = function == Function.RELU ? Lanes::reluBackward : Lanes::sqrtBackward;
      return elements(
          b,
          (i, n, s) ->
              slope.run(
                  x.array(),
                  x.offset() + i,
                  dy.array(),
                  dy.offset() + i,
                  dx.array(),
                  dx.offset() + i,
                  n));
    }
    if (function == Function.SQUARE) {
      return elements(
          b,
          (i, n, s) -> {
            int at = dx.offset() + i;
            Lanes.multiply(
                x.array(), x.offset() + i, dy.array(), dy.offset() + i, dx.array(), at, n);
            Lanes.affine(dx.array(), at, 2, 0, dx.array(), at, n);
          });
    }
    return Ranges.draws(
        b.workers(),
        dx.elements(),
        (i, n, s) -> {
          VectorFunctions.backward(
              function, x.array(), x.offset() + i, dy.array(), dy.offset() + i, s.noise, 0, n);
          System.arraycopy(s.noise, 0, dx.array(), dx.offset() + i, n);
        });
  }
}
