package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;
import static dev.elbo.device.cpu.Tiles.LANES;
import static dev.elbo.device.cpu.Tiles.PANEL;

import jdk.incubator.vector.FloatVector;

/**
 * The right operand B [p, n] of products, a matrix for each sample, in panels of {@link
 * Tiles#PANEL} columns that lie one after the other: the micro-kernel then reads its panel from
 * consecutive memory, whatever the width of the matrix. The last panel is padded with what happens
 * to be there.
 *
 * @param array where it lives
 * @param offset where the first panel of sample 0 begins
 * @param stride the distance of the panels
 * @param sampleStride the distance of the samples; 0 when all share one matrix
 */
@SuppressWarnings("ArrayRecordComponent") // a place in memory: identity is what is meant
record Panels(float[] array, int offset, int stride, int sampleStride) {

  /** Panels and the kernel that fills them. */
  record Packed(Panels panels, Kernel kernel) {}

  /** Where an element is whose column is the first of a panel. */
  int at(int sample, int row, int column) {
    return offset + sample * sampleStride + column / PANEL * stride + row * PANEL;
  }

  /**
   * Panels with memory of their own.
   *
   * @param rows of a sample's matrix
   * @param columns of a sample's matrix
   * @throws dev.elbo.device.DeviceException when there is not enough
   */
  static Panels allocate(int samples, int rows, int columns) {
    float[] array =
        CpuBuffer.array(elements(samples, rows, columns), "activations of " + rows + " units");
    int sampleStride = samples == 1 ? 0 : Math.toIntExact(elements(1, rows, columns));
    return new Panels(array, CpuBuffer.FIRST, rows * PANEL, sampleStride);
  }

  /** Elements of the panels of so many matrices. */
  static long elements(int samples, int rows, int columns) {
    return (long) samples * Tiles.parts(columns, PANEL) * PANEL * rows;
  }

  /**
   * Writes a tile, whose columns begin a panel, in whole panels.
   *
   * @param tileStride the distance of its rows
   */
  void put(float[] tile, int tileStride, int rows, int columns, int sample, int row, int column) {
    for (int c = 0; c < columns; c += PANEL) {
      int to = at(sample, row, column + c);
      for (int r = 0; r < rows; r++) {
        int from = r * tileStride + c;
        FloatVector.fromArray(FLOATS, tile, from).intoArray(array, to + r * PANEL);
        FloatVector.fromArray(FLOATS, tile, from + LANES).intoArray(array, to + r * PANEL + LANES);
      }
    }
  }

  /**
   * B = x of each sample, in the workspace.
   *
   * @param samples how many matrices there are, if they do not share one
   */
  static Packed of(Matrix x, int samples, int rows, int columns, Binding b) {
    Panels y = reserve(x, samples, rows, columns, b);
    Copy copy =
        (sample, panel, count, scratch) -> {
          int from = x.at(sample, 0, panel * PANEL);
          int to = y.at(sample, 0, panel * PANEL);
          for (int row = 0; row < rows; row++) {
            System.arraycopy(x.array(), from + row * x.stride(), y.array, to + row * PANEL, count);
          }
        };
    return new Packed(y, y.filled(samples, rows, columns, b, copy));
  }

  /**
   * B = xᵀ of each sample, in the workspace.
   *
   * @param x an equal part of rows a sample, or one matrix for all samples
   * @param shared whether it is one
   */
  static Packed transposed(CpuBuffer x, int samples, boolean shared, Binding b) {
    Matrix matrix = Matrix.of(x, samples, shared);
    int examples = x.shape().rows() / (shared ? 1 : samples);
    Panels y = reserve(matrix, samples, x.shape().columns(), examples, b);
    return new Packed(y, y.filledBy(x, samples, shared, b));
  }

  /** What writes xᵀ of each sample into these panels, which have room for it. */
  Kernel filledBy(CpuBuffer x, int samples, boolean shared, Binding b) {
    Matrix matrix = Matrix.of(x, samples, shared);
    int examples = x.shape().rows() / (shared ? 1 : samples);
    int inputs = x.shape().columns();
    Copy copy =
        (sample, panel, count, scratch) ->
            Transposition.rectangle(
                x.array(),
                matrix.at(sample, panel * PANEL, 0),
                inputs,
                count,
                inputs,
                array,
                at(sample, 0, panel * PANEL),
                PANEL,
                scratch.square);
    return filled(samples, inputs, examples, b, copy);
  }

  /** Fills a panel of so many columns. */
  @FunctionalInterface
  private interface Copy {
    void run(int sample, int panel, int count, Scratch scratch);
  }

  private static Panels reserve(Matrix x, int samples, int rows, int columns, Binding b) {
    int copies = x.sampleStride() == 0 ? 1 : samples;
    int panels = Tiles.parts(columns, PANEL);
    CpuBuffer target = b.temporary(copies * panels * rows, PANEL);
    int all = panels * rows * PANEL;
    return new Panels(target.array(), target.offset(), rows * PANEL, copies == 1 ? 0 : all);
  }

  private Kernel filled(int samples, int rows, int columns, Binding b, Copy copy) {
    int copies = sampleStride == 0 ? 1 : samples;
    int panels = Tiles.parts(columns, PANEL);
    Workers.Task task =
        (block, scratch) -> {
          int panel = block % panels;
          copy.run(block / panels, panel, Math.min(PANEL, columns - panel * PANEL), scratch);
        };
    boolean shared = (long) copies * rows * columns >= Tiles.ELEMENTS;
    return () -> b.workers().run(copies * panels, shared, task);
  }
}
