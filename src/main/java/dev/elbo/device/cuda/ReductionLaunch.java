package dev.elbo.device.cuda;

import dev.elbo.graph.Reduction;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Launches of reductions: of parts, then of their sum; how many parts follows from the shapes. */
final class ReductionLaunch {
  /** Elements that a block sums at least: 16 a thread. */
  private static final int ELEMENTS_OF_BLOCK = 4096;

  private static final int MAX_BLOCKS = 1024;

  private ReductionLaunch() {}

  static List<Launch> of(Reduction op, Binding b) {
    return switch (op) {
      case Reduction.Sum() -> sum(b);
      case Reduction.SumRows(Shape shape) -> sumRows(b);
      case Reduction.SumRepeats(int times) -> List.of(sumRepeats(times, b));
      case Reduction.SumColumns() -> List.of(sumColumns(b));
      case Reduction.LogMeanExp(int samples) -> List.of(logMeanExp(samples, b));
      case Reduction.LogMeanExpBackward(int samples) -> List.of(logMeanExpBackward(samples, b));
      case Reduction.SampleMoments(int samples) -> List.of(sampleMoments(samples, b));
      case Reduction.ClipFactor(double limit) -> clipFactor((float) limit, b);
    };
  }

  private static int blocks(CudaBuffer x) {
    return Math.min(MAX_BLOCKS, Math.ceilDiv(x.shape().elements(), ELEMENTS_OF_BLOCK));
  }

  private static List<Launch> sum(Binding b) {
    CudaBuffer x = b.in(0);
    int blocks = blocks(x);
    Address y = b.out(0).address();
    if (blocks == 1) {
      return List.of(sum(b, 1, x.shape().elements(), x.address(), y));
    }
    Address parts = b.workspace((long) Float.BYTES * blocks);
    return List.of(
        sum(b, blocks, x.shape().elements(), x.address(), parts), sum(b, 1, blocks, parts, y));
  }

  private static Launch sum(Binding b, int blocks, int elements, Address x, Address y) {
    return b.launch("sum", new Grid(blocks, 1, 1, 256), elements, x, y);
  }

  private static List<Launch> sumRows(Binding b) {
    Shape x = b.in(0).shape();
    Shape y = b.out(0).shape();
    RowParts rows = new RowParts(y.rows(), x.rows() / y.rows(), y.columns());
    return sumRows(b, rows, b.in(0).address(), b.out(0).address());
  }

  /** Sums the rows of each group of x. */
  static List<Launch> sumRows(Binding b, RowParts rows, Address x, Address y) {
    if (rows.parts() == 1) {
      return List.of(sumParts(b, rows, x, y));
    }
    Address parts = b.workspace(rows.bytes());
    return List.of(sumParts(b, rows, x, parts), sumParts(b, rows.ofParts(), parts, y));
  }

  private static Launch sumParts(Binding b, RowParts rows, Address x, Address y) {
    return b.launch("sum_rows", rows.grid(), rows.rows(), rows.columns(), rows.rowsOfPart(), x, y);
  }

  private static Launch sumRepeats(int times, Binding b) {
    int elements = b.out(0).shape().elements();
    return b.launch(
        "sum_repeats",
        Grid.ofElements(elements),
        elements,
        times,
        b.in(0).address(),
        b.out(0).address());
  }

  private static Launch sumColumns(Binding b) {
    Shape x = b.in(0).shape();
    Grid grid = new Grid(Math.ceilDiv(x.rows(), 8), 1, 1, 256);
    return b.launch(
        "sum_columns", grid, x.rows(), x.columns(), b.in(0).address(), b.out(0).address());
  }

  private static Launch logMeanExp(int samples, Binding b) {
    int elements = b.out(0).shape().elements();
    return b.launch(
        "log_mean_exp",
        Grid.ofElements(elements),
        elements,
        samples,
        b.in(0).address(),
        b.out(0).address());
  }

  private static Launch logMeanExpBackward(int samples, Binding b) {
    int elements = b.in(1).shape().elements();
    return b.launch(
        "log_mean_exp_backward",
        Grid.ofElements(elements),
        elements,
        samples,
        b.in(0).address(),
        b.in(1).address(),
        b.out(0).address());
  }

  private static Launch sampleMoments(int samples, Binding b) {
    int elements = b.out(0).shape().elements();
    return b.launch(
        "sample_moments",
        Grid.ofElements(elements),
        elements,
        samples,
        b.in(0).address(),
        b.out(0).address(),
        b.out(1).address());
  }

  private static List<Launch> clipFactor(float limit, Binding b) {
    int parts = b.inputs().stream().mapToInt(ReductionLaunch::blocks).sum();
    Address squares = b.workspace((long) Double.BYTES * parts);
    List<Launch> launches = new ArrayList<>();
    int first = 0;
    for (CudaBuffer x : b.inputs()) {
      Grid grid = new Grid(blocks(x), 1, 1, 256);
      Address own = squares.plus((long) Double.BYTES * first);
      launches.add(b.launch("sum_squares", grid, x.shape().elements(), x.address(), own));
      first += blocks(x);
    }
    Grid one = new Grid(1, 1, 1, 256);
    launches.add(b.launch("clip_factor", one, parts, limit, squares, b.out(0).address()));
    return launches;
  }
}
