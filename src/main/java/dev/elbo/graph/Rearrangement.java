package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operations that move elements and compute nothing. */
public sealed interface Rearrangement extends Op {

  @Override
  default long flops(List<Shape> inputs) {
    return 0;
  }

  /** The columns of all inputs side by side: [R, N1], [R, N2], ... gives [R, N1 + N2 + ...]. */
  record Concatenate() implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.that(!inputs.isEmpty(), "Concatenate needs an input");
      int rows = inputs.getFirst().rows();
      int columns = 0;
      for (Shape shape : inputs) {
        Check.that(
            shape.rows() == rows,
            "Concatenate: %s does not have %d rows as the first",
            shape,
            rows);
        columns += shape.columns();
      }
      return List.of(Shape.of(rows, columns));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      List<Optional<Value>> gradients = new ArrayList<>();
      int from = 0;
      for (Value input : node.inputs()) {
        int columns = input.shape().columns();
        gradients.add(Optional.of(graph.add(new SliceColumns(from, columns), upstream)));
        from += columns;
      }
      return gradients;
    }
  }

  /** Columns from..from + count - 1: [R, N] gives [R, count]. */
  record SliceColumns(int from, int count) implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          from >= 0 && count >= 1 && from + count <= x.columns(),
          "SliceColumns: columns %d..%d are not in %s",
          from,
          from + count - 1,
          x);
      return List.of(Shape.of(x.rows(), count));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      int columns = node.input(0).shape().columns();
      return List.of(Optional.of(graph.add(new PadColumns(from, columns), upstream)));
    }
  }

  /** Zeros before and after: [R, n] gives [R, columns] with x at columns before..before + n - 1. */
  record PadColumns(int before, int columns) implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          before >= 0 && before + x.columns() <= columns,
          "PadColumns: %s at column %d does not fit %d columns",
          x,
          before,
          columns);
      return List.of(Shape.of(x.rows(), columns));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      int count = node.input(0).shape().columns();
      return List.of(Optional.of(graph.add(new SliceColumns(before, count), upstream)));
    }
  }

  /** The whole input, times over: [B, N] gives [times·B, N]. */
  record RepeatRows(int times) implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Check.that(times >= 1, "RepeatRows: times must be positive, got %d", times);
      Shape x = inputs.getFirst();
      return List.of(Shape.of(Math.multiplyExact(times, x.rows()), x.columns()));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(Optional.of(graph.add(new Reduction.SumRepeats(times), upstream)));
    }
  }

  /** The same elements in their order, in another shape. */
  record Reshape(Shape shape) implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          x.elements() == shape.elements(), "Reshape: %s has not the elements of %s", x, shape);
      return List.of(shape);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(Optional.of(graph.add(new Reshape(node.input(0).shape()), upstream)));
    }
  }

  /** Rows become columns: [R, N] gives [N, R]. */
  record Transpose() implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      return List.of(Shape.of(x.columns(), x.rows()));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(Optional.of(graph.add(this, upstream)));
    }
  }

  /** Each number of a column side by side: [R, 1] gives [R, count]. */
  record RepeatColumns(int count) implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          count >= 1 && x.columns() == 1,
          "RepeatColumns: %s is not one column to repeat %d times",
          x,
          count);
      return List.of(Shape.of(x.rows(), count));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(Optional.of(graph.add(new Reduction.SumColumns(), upstream)));
    }
  }

  /**
   * The same numbers, as a constant: no gradient flows back through it. The gradient with respect
   * to its result can be asked for, and passed on by hand.
   */
  record StopGradient() implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      return List.of(inputs.getFirst());
    }
  }

  /**
   * Rows of a table, in any order and again and again: y[b] = table[rows[b]]; inputs (table [N, D],
   * the numbers of B rows from 0), result [B, D]. The table is data: it has no gradient rule.
   */
  record GatherRows() implements Rearrangement {
    /** Whole numbers from 0 that float32 has: no row number is rounded. */
    public static final int MAX_ROWS = 1 << 24;

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 2);
      Shape table = inputs.getFirst();
      Check.that(
          table.rows() <= MAX_ROWS,
          "GatherRows: the table has %d rows, float32 numbers them to %d",
          table.rows(),
          MAX_ROWS);
      return List.of(Shape.of(inputs.get(1).elements(), table.columns()));
    }

    /** Of the table only the rows that are asked for. */
    @Override
    public long bytes(List<Shape> inputs) {
      return 4L * inputs.get(1).elements() * (1 + 2L * inputs.getFirst().columns());
    }
  }

  /** A scalar at every place of a shape. */
  record Fill(Shape shape) implements Rearrangement {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Check.that(
          inputs.getFirst().elements() == 1, "Fill takes one number, got %s", inputs.getFirst());
      return List.of(shape);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(Optional.of(graph.add(new Reduction.Sum(), upstream)));
    }
  }
}
