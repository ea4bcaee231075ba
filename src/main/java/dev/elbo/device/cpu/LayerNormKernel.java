package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;

import dev.elbo.graph.LayerNorm;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Layer normalisation; sums are in double precision, in an order of their own. */
final class LayerNormKernel {
  /** Columns whose gradients of gamma and beta a block sums. */
  private static final int BAND = 64;

  private LayerNormKernel() {}

  static Kernel of(LayerNorm op, Binding b) {
    CpuBuffer x = b.in(0);
    CpuBuffer gamma = b.in(1);
    CpuBuffer beta = b.in(2);
    int columns = x.shape().columns();
    int each = x.shape().rows() / gamma.shape().rows();
    return Ranges.rows(
        b.workers(),
        x.shape().rows(),
        columns,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            int at = x.offset() + row * columns;
            double mean = sum(x.array(), at, columns) / columns;
            double variance = squares(x.array(), at, mean, columns) / columns;
            double rstd = 1 / Math.sqrt(variance + op.epsilon());
            b.out(1).set(row, mean);
            b.out(2).set(row, rstd);
            int group = row / each * columns;
            normalize(x, row, (float) mean, (float) rstd, gamma, beta, group, b.out(0));
          }
        });
  }

  /** Four chains of additions, for each waits for the one before. */
  private static double sum(float[] x, int at, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int end = at + count;
    int i = at;
    for (; i < end - 3; i += 4) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
    }
    for (; i < end; i++) {
      s0 += x[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  private static double squares(float[] x, int at, double mean, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int end = at + count;
    int i = at;
    for (; i < end - 3; i += 4) {
      s0 += (x[i] - mean) * (x[i] - mean);
      s1 += (x[i + 1] - mean) * (x[i + 1] - mean);
      s2 += (x[i + 2] - mean) * (x[i + 2] - mean);
      s3 += (x[i + 3] - mean) * (x[i + 3] - mean);
    }
    for (; i < end; i++) {
      s0 += (x[i] - mean) * (x[i] - mean);
    }
    return s0 + s1 + (s2 + s3);
  }

  private static void normalize(
      CpuBuffer x,
      int row,
      float mean,
      float rstd,
      CpuBuffer gamma,
      CpuBuffer beta,
      int group,
      CpuBuffer y) {
    int columns = x.shape().columns();
    int x0 = x.offset() + row * columns;
    int y0 = y.offset() + row * columns;
    int gamma0 = gamma.offset() + group;
    int beta0 = beta.offset() + group;
    int whole = Lanes.whole(columns);
    for (int i = 0; i < whole; i += Tiles.LANES) {
      FloatVector normal = FloatVector.fromArray(FLOATS, x.array(), x0 + i).sub(mean).mul(rstd);
      normal
          .fma(
              FloatVector.fromArray(FLOATS, gamma.array(), gamma0 + i),
              FloatVector.fromArray(FLOATS, beta.array(), beta0 + i))
          .intoArray(y.array(), y0 + i);
    }
    for (int i = whole; i < columns; i++) {
      float normal = (x.array()[x0 + i] - mean) * rstd;
      y.array()[y0 + i] = Math.fma(normal, gamma.array()[gamma0 + i], beta.array()[beta0 + i]);
    }
  }

  static Kernel backward(Binding b) {
    return Kernel.sequence(inputGradient(b), parameterGradients(b));
  }

  private static Kernel inputGradient(Binding b) {
    CpuBuffer x = b.in(1);
    int columns = x.shape().columns();
    int each = x.shape().rows() / b.in(2).shape().rows();
    return Ranges.rows(
        b.workers(),
        x.shape().rows(),
        columns,
        (first, rows, scratch) -> {
          for (int row = first; row < first + rows; row++) {
            inputGradient(b, row, row / each * columns);
          }
        });
  }

  private static void inputGradient(Binding b, int row, int group) {
    float[] dy = b.in(0).array();
    float[] x = b.in(1).array();
    float[] gamma = b.in(2).array();
    float[] dx = b.out(0).array();
    int columns = b.in(1).shape().columns();
    int dy0 = b.in(0).offset() + row * columns;
    int x0 = b.in(1).offset() + row * columns;
    int dx0 = b.out(0).offset() + row * columns;
    int gamma0 = b.in(2).offset() + group;
    float mean = b.in(3).at(row);
    float rstd = b.in(4).at(row);
    double sum = 0;
    double products = 0;
    for (int i = 0; i < columns; i++) {
      double g = (double) dy[dy0 + i] * gamma[gamma0 + i];
      sum += g;
      products += g * ((x[x0 + i] - mean) * rstd);
    }
    float meanGradient = (float) (sum / columns);
    float meanProduct = (float) (products / columns);
    int whole = Lanes.whole(columns);
    for (int i = 0; i < whole; i += Tiles.LANES) {
      FloatVector normal = FloatVector.fromArray(FLOATS, x, x0 + i).sub(mean).mul(rstd);
      FloatVector g =
          FloatVector.fromArray(FLOATS, dy, dy0 + i)
              .mul(FloatVector.fromArray(FLOATS, gamma, gamma0 + i));
      g.sub(meanGradient).sub(normal.mul(meanProduct)).mul(rstd).intoArray(dx, dx0 + i);
    }
    for (int i = whole; i < columns; i++) {
      float normal = (x[x0 + i] - mean) * rstd;
      float g = dy[dy0 + i] * gamma[gamma0 + i];
      dx[dx0 + i] = (g - meanGradient - normal * meanProduct) * rstd;
    }
  }

  /** A block has a band of columns of one group, and meets its rows in order. */
  private static Kernel parameterGradients(Binding b) {
    int columns = b.in(1).shape().columns();
    int groups = b.in(2).shape().rows();
    int each = b.in(1).shape().rows() / groups;
    int bands = Tiles.parts(columns, BAND);
    Workers.Task task =
        (block, scratch) -> {
          int group = block / bands;
          int column = block % bands * BAND;
          int count = Math.min(BAND, columns - column);
          double[] sums = scratch.sums;
          Arrays.fill(sums, 0, 2 * BAND, 0);
          for (int row = group * each; row < (group + 1) * each; row++) {
            addRow(b, row, column, count, sums);
          }
          for (int i = 0; i < count; i++) {
            b.out(1).set(group * columns + column + i, sums[i]);
            b.out(2).set(group * columns + column + i, sums[BAND + i]);
          }
        };
    boolean shared = b.in(1).elements() >= Tiles.ELEMENTS;
    return () -> b.workers().run(groups * bands, shared, task);
  }

  private static void addRow(Binding b, int row, int column, int count, double[] sums) {
    float[] dy = b.in(0).array();
    float[] x = b.in(1).array();
    int at = row * b.in(1).shape().columns() + column;
    int dy0 = b.in(0).offset() + at;
    int x0 = b.in(1).offset() + at;
    float mean = b.in(3).at(row);
    float rstd = b.in(4).at(row);
    for (int i = 0; i < count; i++) {
      sums[i] += dy[dy0 + i] * ((x[x0 + i] - mean) * rstd);
      sums[BAND + i] += dy[dy0 + i];
    }
  }
}
