package dev.elbo.device.cpu;

/**
 * An operand of a product: a row-major matrix for each sample.
 *
 * @param array where it lives
 * @param offset where row 0 of sample 0 begins
 * @param stride the distance of its rows
 * @param sampleStride the distance of the samples; 0 when all share one matrix
 */
@SuppressWarnings("ArrayRecordComponent") // a place in memory: identity is what is meant
record Matrix(float[] array, int offset, int stride, int sampleStride) {
  /** The rows of a buffer, an equal part a sample, or all of them for every sample. */
  static Matrix of(CpuBuffer buffer, int samples, boolean shared) {
    int sampleStride = shared ? 0 : buffer.elements() / samples;
    return new Matrix(buffer.array(), buffer.offset(), buffer.shape().columns(), sampleStride);
  }

  /** Where an element is. */
  int at(int sample, int row, int column) {
    return offset + sample * sampleStride + row * stride + column;
  }

  /**
   * The transpose of each sample's matrix, in the workspace; rows are padded to whole panels.
   *
   * @param samples how many matrices there are
   * @param rows of each of them
   * @param columns of each of them
   */
  static Prepared transposed(Matrix x, int samples, int rows, int columns, Binding b) {
    int stride = Tiles.stride(rows);
    int copies = x.sampleStride == 0 ? 1 : samples;
    CpuBuffer target = b.temporary(copies * columns, stride);
    int sampleStride = x.sampleStride == 0 ? 0 : columns * stride;
    Matrix y = new Matrix(target.array(), target.offset(), stride, sampleStride);
    return new Prepared(y, new Transpose(b.workers(), x, y, copies, rows, columns));
  }

  /** A matrix of the workspace and the kernel that fills it. */
  record Prepared(Matrix matrix, Kernel kernel) {}

  /**
   * Each sample's matrix such that many of its rows can be read side by side: a copy with padded
   * rows where they meet in the cache, else the matrix itself.
   *
   * @param samples how many matrices there are
   * @param rows of each of them
   * @param columns of each of them
   */
  static Prepared spread(Matrix x, int samples, int rows, int columns, Binding b) {
    if (!Tiles.aliased(x.stride)) {
      return new Prepared(x, () -> {});
    }
    int stride = Tiles.stride(columns);
    int copies = x.sampleStride == 0 ? 1 : samples;
    CpuBuffer target = b.temporary(copies * rows, stride);
    int sampleStride = x.sampleStride == 0 ? 0 : rows * stride;
    Matrix y = new Matrix(target.array(), target.offset(), stride, sampleStride);
    Kernel copy =
        Ranges.rows(
            b.workers(),
            copies * rows,
            columns,
            (first, count, scratch) -> {
              for (int row = first; row < first + count; row++) {
                int from = x.at(row / rows, row % rows, 0);
                int to = y.at(row / rows, row % rows, 0);
                System.arraycopy(x.array, from, y.array, to, columns);
              }
            });
    return new Prepared(y, copy);
  }

  /** y = xᵀ in blocks of rows of y. */
  private static final class Transpose implements Kernel, Workers.Task {
    private static final int BAND = 16;
    private final Workers workers;
    private final Matrix x;
    private final Matrix y;
    private final int rows;
    private final int columns;
    private final int bands;
    private final int blocks;

    Transpose(Workers workers, Matrix x, Matrix y, int samples, int rows, int columns) {
      this.workers = workers;
      this.x = x;
      this.y = y;
      this.rows = rows;
      this.columns = columns;
      this.bands = Tiles.parts(columns, BAND);
      this.blocks = samples * bands;
    }

    @Override
    public void run() {
      workers.run(blocks, (long) rows * blocks * BAND >= Tiles.ELEMENTS, this);
    }

    @Override
    public void run(int block, Scratch scratch) {
      int sample = block / bands;
      int from = block % bands * BAND;
      Transposition.rectangle(
          x.array,
          x.at(sample, 0, from),
          x.stride,
          rows,
          Math.min(BAND, columns - from),
          y.array,
          y.at(sample, from, 0),
          y.stride,
          scratch.square);
    }
  }
}
