package dev.elbo.device.cpu;

import dev.elbo.graph.Rearrangement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The operations that move elements and compute nothing. */
final class RearrangementKernel {
  private RearrangementKernel() {}

  static Kernel of(Rearrangement op, Binding b) {
    return switch (op) {
      case Rearrangement.Concatenate() -> concatenate(b);
      case Rearrangement.SliceColumns(int from, int count) ->
          copy(b, b.in(0), from, b.out(0), 0, count);
      case Rearrangement.PadColumns(int before, int columns) -> padColumns(b, before);
      case Rearrangement.RepeatRows(int times) -> repeatRows(b, times);
      case Rearrangement.RepeatColumns(int count) -> repeatColumns(b, count);
      case Rearrangement.StopGradient() -> repeatRows(b, 1);
      case Rearrangement.Reshape reshape -> repeatRows(b, 1);
      case Rearrangement.Transpose() -> transpose(b);
      case Rearrangement.GatherRows() -> EmbeddingKernel.rows(b, 1);
      case Rearrangement.Fill fill -> fill(b);
    };
  }

  /** Copies columns of every row. */
  private static Kernel copy(
      Binding b, CpuBuffer from, int column, CpuBuffer to, int toColumn, int count) {
    int fromColumns = from.shape().columns();
    int toColumns = to.shape().columns();
    return Ranges.rows(
        b.workers(),
        to.shape().rows(),
        toColumns,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            System.arraycopy(
                from.array(),
                from.offset() + row * fromColumns + column,
                to.array(),
                to.offset() + row * toColumns + toColumn,
                count);
          }
        });
  }

  private static Kernel concatenate(Binding b) {
    List<Kernel> copies = new ArrayList<>();
    int column = 0;
    for (CpuBuffer input : b.inputs()) {
      int columns = input.shape().columns();
      copies.add(copy(b, input, 0, b.out(0), column, columns));
      column += columns;
    }
    return Kernel.sequence(copies.toArray(Kernel[]::new));
  }

  private static Kernel padColumns(Binding b, int before) {
    return Kernel.sequence(
        fillWith(b.out(0), () -> 0),
        copy(b, b.in(0), 0, b.out(0), before, b.in(0).shape().columns()));
  }

  private static Kernel repeatRows(Binding b, int times) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    int count = x.elements();
    return () -> {
      for (int i = 0; i < times; i++) {
        System.arraycopy(x.array(), x.offset(), y.array(), y.offset() + i * count, count);
      }
    };
  }

  private static Kernel repeatColumns(Binding b, int count) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    return Ranges.rows(
        b.workers(),
        y.shape().rows(),
        count,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            int at = y.offset() + row * count;
            Arrays.fill(y.array(), at, at + count, x.at(row));
          }
        });
  }

  private static Kernel transpose(Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    int columns = y.shape().columns();
    int xColumns = x.shape().columns();
    return Ranges.rows(
        b.workers(),
        y.shape().rows(),
        columns,
        (first, rows, scratch) -> {
          int from = x.offset() + first;
          int to = y.offset() + first * columns;
          Transposition.rectangle(
              x.array(), from, xColumns, columns, rows, y.array(), to, columns, scratch.square);
        });
  }

  private static Kernel fill(Binding b) {
    CpuBuffer x = b.in(0);
    return fillWith(b.out(0), x::scalar);
  }

  /** A number that is known when the kernel runs. */
  @FunctionalInterface
  private interface Scalar {
    float get();
  }

  private static Kernel fillWith(CpuBuffer y, Scalar value) {
    int end = y.offset() + y.elements();
    return () -> Arrays.fill(y.array(), y.offset(), end, value.get());
  }
}
