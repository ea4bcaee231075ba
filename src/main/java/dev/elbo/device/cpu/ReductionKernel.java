package dev.elbo.device.cpu;

import dev.elbo.graph.Reduction;
import java.util.Arrays;
import java.util.List;

/**
 * Sums: in double precision, each block in the order of its elements, then the blocks in order.
 *
 * <p>The blocks depend on the shapes alone.
 */
final class ReductionKernel {
  private ReductionKernel() {}

  static Kernel of(Reduction op, Binding b) {
    return switch (op) {
      case Reduction.Sum() -> sum(b);
      case Reduction.SumRows sumRows -> sumRows(b);
      case Reduction.SumRepeats(int times) -> sumRepeats(b, times);
      case Reduction.SumColumns() -> sumColumns(b);
      case Reduction.LogMeanExp(int samples) -> LogMeanExpKernel.of(b, samples);
      case Reduction.LogMeanExpBackward(int samples) -> LogMeanExpKernel.backward(b, samples);
      case Reduction.SampleMoments(int samples) -> sampleMoments(b, samples);
      case Reduction.ClipFactor(double limit) -> clipFactor(b, limit);
    };
  }

  private static Kernel sum(Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    double[] partials = new double[Tiles.parts(x.elements(), Tiles.ELEMENTS)];
    Kernel blocks =
        Ranges.elements(
            b.workers(),
            x.elements(),
            (from, count, scratch) -> partials[from / Tiles.ELEMENTS] = sum(x, from, count));
    return () -> {
      blocks.run();
      y.set(0, total(partials));
    };
  }

  private static double sum(CpuBuffer x, int from, int count) {
    double sum = 0;
    for (int i = x.offset() + from; i < x.offset() + from + count; i++) {
      sum += x.array()[i];
    }
    return sum;
  }

  private static Kernel clipFactor(Binding b, double limit) {
    List<CpuBuffer> inputs = b.inputs();
    Kernel[] squares = new Kernel[inputs.size()];
    double[][] partials = new double[inputs.size()][];
    for (int i = 0; i < squares.length; i++) {
      CpuBuffer x = inputs.get(i);
      double[] sums = new double[Tiles.parts(x.elements(), Tiles.ELEMENTS)];
      partials[i] = sums;
      squares[i] =
          Ranges.elements(
              b.workers(),
              x.elements(),
              (from, count, s) -> sums[from / Tiles.ELEMENTS] = sumOfSquares(x, from, count));
    }
    Kernel all = Kernel.sequence(squares);
    CpuBuffer y = b.out(0);
    return () -> {
      all.run();
      double sum = 0;
      for (double[] sums : partials) {
        sum += total(sums);
      }
      double norm = Math.sqrt(sum);
      y.set(0, Math.min(1, limit / norm));
    };
  }

  private static double sumOfSquares(CpuBuffer x, int from, int count) {
    double sum = 0;
    for (int i = x.offset() + from; i < x.offset() + from + count; i++) {
      double value = x.array()[i];
      sum += value * value;
    }
    return sum;
  }

  /** The sum of the blocks' results, in order. */
  static double total(double[] partials) {
    double total = 0;
    for (double partial : partials) {
      total += partial;
    }
    return total;
  }

  private static Kernel sumRows(Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    int columns = x.shape().columns();
    int groupRows = x.shape().rows() / y.shape().rows();
    int bands = Tiles.parts(columns, Tiles.SUM_COLUMNS);
    Workers.Task task =
        (block, scratch) -> {
          int group = block / bands;
          int column = block % bands * Tiles.SUM_COLUMNS;
          int count = Math.min(Tiles.SUM_COLUMNS, columns - column);
          int first = x.offset() + group * groupRows * columns + column;
          addRows(x.array(), first, groupRows, columns, count, scratch.sums);
          store(scratch.sums, count, y.array(), y.offset() + group * columns + column);
        };
    int blocks = y.shape().rows() * bands;
    boolean shared = x.elements() >= Tiles.ELEMENTS;
    return () -> b.workers().run(blocks, shared, task);
  }

  private static Kernel sumRepeats(Binding b, int times) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    int elements = y.elements();
    Workers.Task task =
        (block, scratch) -> {
          int from = block * Tiles.SUM_COLUMNS;
          int count = Math.min(Tiles.SUM_COLUMNS, elements - from);
          addRows(x.array(), x.offset() + from, times, elements, count, scratch.sums);
          store(scratch.sums, count, y.array(), y.offset() + from);
        };
    int blocks = Tiles.parts(elements, Tiles.SUM_COLUMNS);
    boolean shared = x.elements() >= Tiles.ELEMENTS;
    return () -> b.workers().run(blocks, shared, task);
  }

  private static Kernel sumColumns(Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer y = b.out(0);
    int columns = x.shape().columns();
    return Ranges.rows(
        b.workers(),
        x.shape().rows(),
        columns,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            y.set(row, sum(x, row * columns, columns));
          }
        });
  }

  private static Kernel sampleMoments(Binding b, int samples) {
    CpuBuffer x = b.in(0);
    CpuBuffer mean = b.out(0);
    CpuBuffer variance = b.out(1);
    int elements = mean.elements();
    return Ranges.elements(
        b.workers(),
        elements,
        (from, count, scratch) -> {
          for (int i = from; i < from + count; i++) {
            double sum = 0;
            for (int s = 0; s < samples; s++) {
              sum += x.at(s * elements + i);
            }
            double center = sum / samples;
            double squares = 0;
            for (int s = 0; s < samples; s++) {
              double deviation = x.at(s * elements + i) - center;
              squares += deviation * deviation;
            }
            mean.set(i, center);
            variance.set(i, squares / samples);
          }
        });
  }

  private static void addRows(
      float[] x, int first, int rows, int stride, int count, double[] sums) {
    Arrays.fill(sums, 0, count, 0);
    for (int row = 0; row < rows; row++) {
      addRow(x, first + row * stride, count, sums);
    }
  }

  private static void addRow(float[] x, int at, int count, double[] sums) {
    for (int i = 0; i < count; i++) {
      sums[i] += x[at + i];
    }
  }

  private static void store(double[] sums, int count, float[] y, int at) {
    for (int i = 0; i < count; i++) {
      y[at + i] = (float) sums[i];
    }
  }
}
