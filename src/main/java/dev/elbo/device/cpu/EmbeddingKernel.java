package dev.elbo.device.cpu;

import dev.elbo.graph.Embedding;
import dev.elbo.graph.EmbeddingBackward;
import java.util.Arrays;

/** Rows of tables, and the sums of their gradients. */
final class EmbeddingKernel {
  /** Columns that a block sums: a cache line or a few, whoever has the next ones. */
  private static final int BAND = 64;

  private EmbeddingKernel() {}

  static Kernel of(Embedding op, Binding b) {
    return rows(b, op.samples());
  }

  /** The rows of a table for each sample, by the numbers of one sample or of all. */
  static Kernel rows(Binding b, int samples) {
    CpuBuffer table = b.in(0);
    CpuBuffer numbers = b.in(1);
    CpuBuffer y = b.out(0);
    int columns = table.shape().columns();
    int tableRows = table.shape().rows() / samples;
    int each = y.shape().rows() / samples;
    int count = numbers.elements();
    return Ranges.rows(
        b.workers(),
        y.shape().rows(),
        columns,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            int from = row / each * tableRows + (int) numbers.at(row % count);
            System.arraycopy(
                table.array(),
                table.offset() + from * columns,
                y.array(),
                y.offset() + row * columns,
                columns);
          }
        });
  }

  /** A block has a band of the columns of one sample's table, and meets the rows in order. */
  static Kernel backward(EmbeddingBackward op, Binding b) {
    CpuBuffer dy = b.in(0);
    CpuBuffer tokens = b.in(1);
    CpuBuffer sums = b.out(0);
    int columns = dy.shape().columns();
    int bands = Tiles.parts(columns, BAND);
    int each = dy.shape().rows() / op.samples();
    Workers.Task task =
        (block, scratch) -> {
          int sample = block / bands;
          int column = block % bands * BAND;
          int count = Math.min(BAND, columns - column);
          int table = sums.offset() + sample * op.vocabulary() * columns + column;
          for (int row = 0; row < op.vocabulary(); row++) {
            int at = table + row * columns;
            Arrays.fill(sums.array(), at, at + count, 0);
          }
          for (int row = sample * each; row < (sample + 1) * each; row++) {
            int token = (int) tokens.at(row % tokens.elements());
            int to = table + token * columns;
            int from = dy.offset() + row * columns + column;
            Lanes.add(sums.array(), to, dy.array(), from, sums.array(), to, count);
          }
        };
    boolean shared = (long) dy.elements() + sums.elements() >= Tiles.ELEMENTS;
    return () -> b.workers().run(op.samples() * bands, shared, task);
  }
}
