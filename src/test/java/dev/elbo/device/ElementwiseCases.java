package dev.elbo.device;

import static dev.elbo.device.Values.NORMAL;
import static dev.elbo.device.Values.POSITIVE;
import static dev.elbo.device.Values.WIDE;

import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.MultiplyRow;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import dev.elbo.graph.Function;
import dev.elbo.graph.Op;
import dev.elbo.graph.Rearrangement.Concatenate;
import dev.elbo.graph.Rearrangement.Fill;
import dev.elbo.graph.Rearrangement.GatherRows;
import dev.elbo.graph.Rearrangement.PadColumns;
import dev.elbo.graph.Rearrangement.RepeatColumns;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Rearrangement.Reshape;
import dev.elbo.graph.Rearrangement.SliceColumns;
import dev.elbo.graph.Rearrangement.StopGradient;
import dev.elbo.graph.Rearrangement.Transpose;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.Reduction.LogMeanExp;
import dev.elbo.graph.Reduction.LogMeanExpBackward;
import dev.elbo.graph.Reduction.SampleMoments;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Reduction.SumColumns;
import dev.elbo.graph.Reduction.SumRepeats;
import dev.elbo.graph.Reduction.SumRows;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Elementwise operations, rearrangements and reductions. */
final class ElementwiseCases {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.SCALAR,
          Shape.of(13),
          Shape.of(1, 1),
          Shape.of(1, 7),
          Shape.of(7, 1),
          Shape.of(5, 3),
          Shape.of(15, 17),
          Shape.of(16, 16),
          Shape.of(31, 33),
          Shape.of(2, 3, 5),
          Shape.of(63, 65),
          Shape.of(129, 127));

  private final List<OpCase> rows = new ArrayList<>();

  private ElementwiseCases() {}

  static List<OpCase> rows() {
    ElementwiseCases cases = new ElementwiseCases();
    SHAPES.forEach(cases::ofAnyShape);
    SHAPES.stream().filter(shape -> shape.rank() == 2).forEach(cases::ofMatrices);
    cases.groups();
    return cases.rows;
  }

  private void add(Op op, String variant, Operand... operands) {
    rows.add(OpCase.of(op, variant, operands));
  }

  private static Operand normal(String name, Shape shape) {
    return new Operand(name, shape, NORMAL);
  }

  private void ofAnyShape(Shape shape) {
    String size = shape.toString();
    Operand a = normal("a", shape);
    Operand dy = normal("dy", shape);
    for (Function f : Function.values()) {
      Operand x = f == Function.SQRT ? new Operand("a", shape, POSITIVE) : a;
      add(new Unary(f), f + " " + size, x);
      add(new UnaryBackward(f), f + " " + size, x, dy);
    }
    for (Function f : List.of(Function.GELU, Function.TANH, Function.SOFTPLUS, Function.SIGMOID)) {
      Operand wide = new Operand("a", shape, WIDE);
      add(new Unary(f), f + " wide " + size, wide);
      add(new UnaryBackward(f), f + " wide " + size, wide, dy);
    }
    add(new Add(), size, a, normal("b", shape));
    add(new Add(), size + " scalar", a, normal("b", Shape.SCALAR));
    add(new Multiply(), size, a, normal("b", shape));
    add(new Multiply(), size + " scalar", a, normal("b", Shape.SCALAR));
    add(new Scale(-0.37), size, a);
    add(new Fill(shape), size, normal("a", Shape.SCALAR));
    add(new Sum(), size, a);
    add(new ClipFactor(0.5), size, a);
    add(new ClipFactor(1e6), size + " unreached", a);
    add(new ClipFactor(0.5), size + " of three", a, normal("b", Shape.of(11)), normal("c", shape));
  }

  private void ofMatrices(Shape shape) {
    int n = shape.rows();
    int columns = shape.columns();
    Operand x = normal("a", shape);
    String size = shape.toString();
    add(new Concatenate(), size + " alone", x);
    add(new Concatenate(), size + " of two", x, normal("b", Shape.of(n, 17)));
    add(
        new Concatenate(),
        size + " of three",
        normal("b", Shape.of(n, 1)),
        x,
        normal("c", Shape.of(n, 16)));
    add(new SliceColumns(0, columns), size + " all", x);
    add(new SliceColumns(columns / 2, 1), size + " one", x);
    add(new SliceColumns(columns / 3, columns - columns / 3), size + " last", x);
    add(new PadColumns(0, columns), size + " none", x);
    add(new PadColumns(3, columns + 3), size + " before", x);
    add(new PadColumns(1, columns + 9), size + " both", x);
    for (int batch : List.of(1, 7, 33)) {
      add(
          new GatherRows(),
          batch + " of " + size,
          x,
          new Operand("rows", Shape.of(batch), Values.labels(n)));
    }
    add(new SumColumns(), size, x);
    add(new StopGradient(), size, x);
    add(new Reshape(Shape.of(columns, n)), size, x);
    add(new Transpose(), size, x);
    for (int count : List.of(1, 3, 64)) {
      add(new RepeatColumns(count), size + " times " + count, normal("a", Shape.of(n, 1)));
    }
    for (int samples : List.of(1, 2, 17)) {
      Operand weights = new Operand("a", Shape.of(samples * n, columns), WIDE);
      add(new LogMeanExp(samples), weights.shape() + " S=" + samples, weights);
      add(
          new LogMeanExpBackward(samples),
          weights.shape() + " S=" + samples,
          weights,
          normal("dy", shape));
      Operand outputs = normal("a", Shape.of(samples * n, columns));
      add(new SampleMoments(samples), outputs.shape() + " S=" + samples, outputs);
    }
    for (int times : List.of(1, 2, 3)) {
      add(new RepeatRows(times), size + " times " + times, x);
      Operand repeats = normal("a", Shape.of(times * n, columns));
      add(new SumRepeats(times), repeats.shape() + " times " + times, repeats);
    }
  }

  private void groups() {
    for (int groups : List.of(1, 2, 3, 16)) {
      for (int each : List.of(1, 5, 33)) {
        for (int columns : List.of(1, 17, 64, 127)) {
          Shape shape = Shape.of(groups * each, columns);
          Shape bias = Shape.of(groups, columns);
          String size = shape + " groups " + groups;
          add(new AddBias(), size, normal("a", shape), normal("bias", bias));
          add(new MultiplyRow(), size, normal("a", shape), normal("row", bias));
          add(new SumRows(bias), size, normal("a", shape));
        }
      }
    }
    // So many rows that a device may sum them in parts.
    for (int groups : List.of(1, 2)) {
      Shape shape = Shape.of(1026, 33);
      add(new SumRows(Shape.of(groups, 33)), shape + " groups " + groups, normal("a", shape));
    }
    add(new AddBias(), "[5x7] vector", normal("a", Shape.of(5, 7)), normal("bias", Shape.of(7)));
    add(new SumRows(Shape.of(7)), "[5x7] vector", normal("a", Shape.of(5, 7)));
  }
}
