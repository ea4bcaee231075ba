package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Some rows and columns of a mean-field Gaussian with what a thread computes for them: gradients of
 * the whole tile, small enough to stay in the second-level cache, and the Gaussian itself of one
 * row at a time, which stays in the first while divergence and optimizer pass over it. {@link
 * TileGrid} places it.
 */
final class Tile {
  private static final int SIZE =
      Math.max(
              Tiles.roundUp(Tiles.GRADIENT_OUTPUTS, Tiles.ROWS)
                  * Tiles.stride(Tiles.GRADIENT_INPUTS),
              Tiles.LINEAR)
          + CpuBuffer.PADDING;

  private static final int ROW = Math.max(Tiles.GRADIENT_INPUTS, Tiles.LINEAR) + CpuBuffer.PADDING;

  int row;
  int rows;
  int column;
  int columns;

  /** The distance of the rows in the arrays of the tile. */
  int stride;

  /** The columns of the whole tensor. */
  int rowLength;

  /** Whether noise is drawn by linear index, not by quads. */
  boolean vector;

  /** The rows that were flattened to one, and their columns; no rows where they were not. */
  private int flatRows;

  private int flatColumns;

  final float[] dMu = new float[SIZE];
  final float[] dLogSigma = new float[SIZE];
  final float[] product = new float[SIZE];
  final float[] noise = new float[SIZE];

  /** The row that {@link #load} was called for. */
  final float[] mu = new float[ROW];

  final float[] logSigma = new float[ROW];
  final float[] sigma = new float[ROW];

  /** Products over runs of a row's elements, a vector of lanes each. */
  final float[] mass = new float[ROW];

  /** What a loop passes over in a row. */
  final Streams streams = new Streams();

  /** The elements behind the last whole vector of a row, a vector a stream, and two of sums. */
  final float[] rest = new float[(Streams.COUNT + 2) * Tiles.LANES];

  final Streams restStreams = new Streams();

  /** Sums of two quantities, a vector of lanes each. */
  final float[] sums = new float[2 * Tiles.LANES];

  /** Puts the tile in its place; its arrays have rows that are whole panels apart. */
  void place(int firstRow, int rowCount, int firstColumn, int columnCount, int length) {
    row = firstRow;
    rows = rowCount;
    column = firstColumn;
    columns = columnCount;
    rowLength = length;
    stride = Tiles.stride(columnCount);
    flatRows = 0;
  }

  /**
   * Whether it is faster with its rows as one: where they are whole rows of the tensor, which end
   * within a vector.
   */
  boolean narrow() {
    return !vector
        && rows > 1
        && columns == rowLength
        && columns % Tiles.LANES != 0
        && rows * columns <= Tiles.GRADIENT_INPUTS;
  }

  /** Makes all rows one; what was in the arrays before has to be moved by {@link #pack}. */
  void flatten() {
    flatRows = rows;
    flatColumns = columns;
    columns *= rows;
    rows = 1;
    stride = Tiles.stride(columns);
  }

  /** Moves rows of one of the arrays together, as they lie once the tile is flat. */
  void pack(float[] values) {
    int from = Tiles.stride(flatColumns);
    for (int r = 1; r < flatRows; r++) {
      System.arraycopy(values, r * from, values, r * flatColumns, flatColumns);
    }
  }

  /** Where row r of the tile begins in the whole tensor. */
  int at(int r) {
    return (row + r) * rowLength + column;
  }

  /** Zeroes one of the arrays, the padding of the last rows included. */
  void clear(float[] values) {
    int end = vector ? columns : Tiles.roundUp(rows, Tiles.ROWS) * stride;
    Arrays.fill(values, 0, end, 0);
  }

  /**
   * Draws the tile's normals of a sample, for a vector those of a copy.
   *
   * @return where in {@link #noise} the first is
   */
  int draw(Draws draws, int sample, int copy) {
    if (vector) {
      return draws.linear(sample, (long) copy * rowLength + column, columns, noise);
    }
    if (flatRows > 0) {
      int apart = Tiles.stride(flatColumns);
      draws.matrix(sample, row, flatRows, column, flatColumns, noise, apart);
      pack(noise);
    } else {
      draws.matrix(sample, row, rows, column, columns, noise, stride);
    }
    return 0;
  }

  /** dMu += g and dLogSigma += g·eps for the gradient g [rows, columns] of one drawn matrix. */
  void addDrawn(float[] g, int sample, int copy, Draws draws) {
    add(g);
    addNoise(g, sample, copy, draws);
  }

  /** dMu += g. */
  void add(float[] g) {
    for (int r = 0; r < rows; r++) {
      Lanes.add(dMu, r * stride, g, r * stride, dMu, r * stride, columns);
    }
  }

  /** dLogSigma += g·eps. */
  void addNoise(float[] g, int sample, int copy, Draws draws) {
    int first = draw(draws, sample, copy);
    float sign = draws.sign(sample);
    for (int r = 0; r < rows; r++) {
      int at = r * stride;
      Lanes.addProduct(sign, g, at, noise, first + at, dLogSigma, at, columns);
    }
  }

  /** Copies a row of the Gaussian and computes sigma; all are 0 behind the row. */
  void load(int r, CpuBuffer means, CpuBuffer logs) {
    System.arraycopy(means.array(), means.offset() + at(r), mu, 0, columns);
    System.arraycopy(logs.array(), logs.offset() + at(r), logSigma, 0, columns);
    int end = Tiles.roundUp(columns, Tiles.LANES);
    Arrays.fill(mu, columns, end, 0);
    Arrays.fill(logSigma, columns, end, 0);
    Lanes.exp(logSigma, 0, 1, sigma, 0, columns);
    Arrays.fill(sigma, columns, end, 0);
  }

  /** Replaces normals by weights of the row that is loaded; in whole vectors. */
  void sample(int eps, float sign) {
    for (int i = 0; i < columns; i += Tiles.LANES) {
      FloatVector.fromArray(FLOATS, noise, eps + i)
          .mul(sign)
          .fma(FloatVector.fromArray(FLOATS, sigma, i), FloatVector.fromArray(FLOATS, mu, i))
          .intoArray(noise, eps + i);
    }
  }

  /** Zeroes the sums. */
  void clearSums() {
    Arrays.fill(sums, 0);
  }

  /** One of the sums, its lanes added in order. */
  double sum(int which) {
    double sum = 0;
    for (int i = 0; i < Tiles.LANES; i++) {
      sum += sums[which * Tiles.LANES + i];
    }
    return sum;
  }

  /** Copies one of the tile's arrays to its place in a tensor. */
  void store(float[] values, float[] to, int offset) {
    for (int r = 0; r < rows; r++) {
      store(r, values, to, offset);
    }
  }

  /** Copies a row of one of the tile's arrays to its place in a tensor. */
  void store(int r, float[] values, float[] to, int offset) {
    System.arraycopy(values, r * stride, to, offset + at(r), columns);
  }

  /** Copies the tile's place in a tensor to one of its arrays. */
  void load(float[] from, int offset, float[] values) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, offset + at(r), values, r * stride, columns);
    }
  }
}
