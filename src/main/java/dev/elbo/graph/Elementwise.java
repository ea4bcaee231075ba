package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Operations that compute each element from the elements at the same place. */
public sealed interface Elementwise extends Op {

  /** y = f(x). */
  record Unary(Function function) implements Elementwise {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      return List.of(inputs.getFirst());
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      // RELU and its result are positive together: then nothing else has to keep what it is of.
      Value x = function == Function.RELU ? node.output(0) : node.input(0);
      return List.of(Optional.of(graph.add(new UnaryBackward(function), x, upstream)));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return (long) function.flops() * inputs.getFirst().elements();
    }
  }

  /** dx = f'(x) dy; inputs (x, dy). */
  record UnaryBackward(Function function) implements Elementwise {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      return sameShape(this, inputs);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return (function.flops() + 1L) * inputs.getFirst().elements();
    }
  }

  /** y = a + b; b has the shape of a or is a scalar. */
  record Add() implements Elementwise {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      return sameShapeOrScalar(this, inputs);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(
          Optional.of(upstream), Optional.of(Reduction.toShape(graph, upstream, node.input(1))));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return inputs.getFirst().elements();
    }
  }

  /** y = a · b; b has the shape of a or is a scalar. */
  record Multiply() implements Elementwise {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      return sameShapeOrScalar(this, inputs);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      Value da = graph.add(new Multiply(), upstream, node.input(1));
      Value db = graph.add(new Multiply(), upstream, node.input(0));
      return List.of(Optional.of(da), Optional.of(Reduction.toShape(graph, db, node.input(1))));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return inputs.getFirst().elements();
    }
  }

  /** y = factor · x. */
  record Scale(double factor) implements Elementwise {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      return List.of(inputs.getFirst());
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(Optional.of(graph.add(this, upstream)));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return inputs.getFirst().elements();
    }
  }

  /**
   * y = x + bias, the bias of a row's group: x [R, N], bias [G, N], row r takes bias row r / (R/G).
   * With one group it is the bias of a layer, with S groups that of S samples, with R groups every
   * row has its own.
   */
  record AddBias() implements Elementwise {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 2);
      Shape x = inputs.get(0);
      Shape bias = inputs.get(1);
      Check.that(
          x.columns() == bias.columns() && x.rows() % bias.rows() == 0,
          "AddBias: bias %s does not fit rows %s",
          bias,
          x);
      return List.of(x);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      Shape bias = node.input(1).shape();
      Value dBias = graph.add(new Reduction.SumRows(bias), upstream);
      return List.of(Optional.of(upstream), Optional.of(dBias));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return inputs.getFirst().elements();
    }
  }

  /**
   * y = x · row, the row of a row's group as in {@link AddBias}: x [R, N], row [G, N], row r takes
   * row r / (R/G).
   */
  record MultiplyRow() implements Elementwise {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 2);
      Shape x = inputs.get(0);
      Shape row = inputs.get(1);
      Check.that(
          x.columns() == row.columns() && x.rows() % row.rows() == 0,
          "MultiplyRow: row %s does not fit rows %s",
          row,
          x);
      return List.of(x);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      Value dx = graph.add(this, upstream, node.input(1));
      Value products = graph.add(new Multiply(), node.input(0), upstream);
      Value dRow = graph.add(new Reduction.SumRows(node.input(1).shape()), products);
      return List.of(Optional.of(dx), Optional.of(dRow));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return inputs.getFirst().elements();
    }
  }

  private static List<Shape> sameShape(Op op, List<Shape> inputs) {
    Check.inputs(op, inputs, 2);
    Check.that(
        inputs.get(0).equals(inputs.get(1)),
        "%s: %s and %s have different shapes",
        op.name(),
        inputs.get(0),
        inputs.get(1));
    return List.of(inputs.get(0));
  }

  private static List<Shape> sameShapeOrScalar(Op op, List<Shape> inputs) {
    Check.inputs(op, inputs, 2);
    return inputs.get(1).equals(Shape.SCALAR) ? List.of(inputs.get(0)) : sameShape(op, inputs);
  }
}
